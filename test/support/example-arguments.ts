/** Arguments with which a tool has something to answer on the simulated NAS; none where it needs none. */
export const EXAMPLE_ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  get_job: { id: 1 },
  get_metrics: { metric: 'cpu' },
  get_pool: { pool: 'tank' },
  get_dataset: { dataset: 'tank' },
  get_disk: { disk: 'sda' },
  get_share: { share: 'media' },
  search_api: { query: 'pools' },
  describe_api: { method: 'pool.query' },
  call_api_read: { method: 'pool.query', select: ['name'] },
};
