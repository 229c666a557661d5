import { InputProblem } from '../../../output/problem.ts';
import { type Filter, type QueryParts, query } from '../../../truenas/query.ts';
import { escapePattern } from '../../support/inputs.ts';
import { whatHappened } from '../../audit/entry-text.ts';
import { field } from '../../support/rows.ts';
import { compactJson } from '../compact-json.ts';
import { defineKind } from '../kind.ts';

/**
 * Entries of the audit log. A NAS may have millions: filters, sorting and paging are the NAS's, of one service at a time as
 * releases from 25.10 on want it.
 */
export const auditEntry = defineKind({
  name: 'audit_entry',
  toolset: 'audit',
  noun: 'audit entries',
  about:
    'who did what when and from where: changes, sign-ins and refused ones; SMB and sudo by filter service=SMB',
  words: [
    'audit',
    'audit log',
    'audit trail',
    'history of changes',
    'who changed',
    'failed login',
    'event log',
  ],
  sources: [{ method: 'audit.query', paramsOf: auditParams }],
  row: { event: field.text, event_data: field.record, service_data: field.record },
  columns: {
    time: {
      type: 'time',
      from: 'message_timestamp',
      isAlwaysThere: true,
      filterAs: (ms) => Math.floor(ms / 1000),
      isKey: true,
      sort: 'desc',
    },
    user: { type: 'text', from: 'username', isAlwaysThere: true },
    event: { type: 'text', from: 'event', isAlwaysThere: true },
    what: { type: 'text', value: whatHappened, needs: ['event_data', 'service_data'], maxLength: 100 },
    from: { type: 'text', from: 'address', isAlwaysThere: true },
    success: { type: 'flag', from: 'success', isAlwaysThere: true },
    service: { type: 'text', from: 'service', isAlwaysThere: true, isOnDemand: true },
    method: {
      type: 'text',
      value: ({ event_data: data }) => field.text(data?.['method']),
      needs: ['event_data'],
      isOnDemand: true,
    },
    id: { type: 'text', from: 'audit_id', isOnDemand: true },
  },
  named: 'user',
  ids: ['id'],
  sortedBy: 'time',
  alsoSelects: ['session'],
  details: [
    {
      title: 'data',
      uses: [],
      async read(_nas, { event_data: data, service_data: service }) {
        const lines = [
          ...(data === null ? [] : [`event: ${compactJson(data, MAX_DATA)}`]),
          ...(service === null ? [] : [`service: ${compactJson(service, MAX_DATA)}`]),
        ];
        return lines.length === 0 ? undefined : { lines, data: lines };
      },
    },
  ],
  examples: [
    { args: { limit: 10 }, why: 'what was done last' },
    { args: { filter: ['success=false', 'time>7d'] }, why: 'what was refused or failed' },
    {
      args: { name: 'admin', filter: ['event=METHOD_CALL'], fields: ['what', 'method'] },
      why: 'what somebody changed',
    },
    { args: { filter: ['service=SUDO'], fields: ['user', 'what', 'service'] }, why: 'commands with sudo' },
    { args: { filter: ['what~smb'], fields: ['what', 'id'] }, why: 'changes of something' },
  ],
  getExamples: [
    { args: { id: 'c534c570-5c73-4aa7-87f5-d60227b2bd09' }, why: 'one, with its arguments' },
    { args: { id: '00000000-0000-0000-0000-000000000000' }, why: 'an id that is none' },
  ],
});

/** Longest data of an entry that is shown, in characters. */
const MAX_DATA = 900;
const SERVICES = ['MIDDLEWARE', 'SMB', 'SUDO', 'SYSTEM'];

/** `audit.query` takes one object; the service is no filter there. */
function auditParams({ filters = [], ...options }: QueryParts): readonly unknown[] {
  const services = filters.flatMap((filter) => (filter[0] === 'service' ? [serviceOf(filter)] : []));
  if (services.length > 1) throw new InputProblem('filter', 'names more than one service', 'one at a time');
  const others = filters.filter(([name]) => name !== 'service').map(inCase);
  const [sent, asked] = query({ filters: others, ...options });
  return [
    {
      services: services.length > 0 ? services : ['MIDDLEWARE'],
      'query-filters': sent,
      'query-options': asked,
    },
  ];
}

function serviceOf(filter: Filter): string {
  const [, operator, value] = filter;
  const wanted = String(value).toUpperCase();
  if ((operator === '=' || operator === 'C=') && SERVICES.includes(wanted)) return wanted;
  throw new InputProblem(
    'filter',
    'compares service with what is none',
    `service=${SERVICES.join(', service=')}; without one MIDDLEWARE is shown`,
  );
}

/** The log is a database: it compares as the case is, and looks for parts by pattern. */
function inCase(filter: Filter): Filter {
  const [name, operator, value] = filter;
  if (name === 'OR' || operator === undefined || typeof value !== 'string') return filter;
  const text = name === 'event' ? value.toUpperCase() : value;
  if (operator === 'Crin') return [name, '~', `.*${escapePattern(text)}`];
  if (operator === 'C=') return [name, '=', text];
  return operator === 'C!=' ? [name, '!=', text] : filter;
}
