import { definePrompt } from './prompt.ts';

/** Storage of the NAS for Kubernetes: the share that there is, and the manifests for it. */
export const clusterStorage = definePrompt({
  name: 'cluster_storage',
  title: 'Storage for Kubernetes',
  description: 'StorageClass, PersistentVolume and claim for a share.',
  when: 'Kubernetes or k3s is to store on the NAS: manifests, StorageClass.',
  arguments: [{ name: 'share', description: 'NFS path or iSCSI target' }],
  needs: ['get_share', 'list_shares'],
  aim: ({ share }) =>
    `Write the Kubernetes manifests for ${share === undefined ? 'storage on this TrueNAS' : `the share ${share} of this TrueNAS`}.`,
  steps: ({ share }) => [
    ...(share === undefined
      ? [{ tool: 'list_shares', look: 'an NFS export or iSCSI target for the cluster; else propose one' }]
      : []),
    {
      tool: 'get_share',
      args: { share: share ?? 'SHARE' },
      look: 'path, or target name (IQN), LUN and portal; hosts and networks that may connect: every node must be among them; maproot; read-only; whether the service runs',
    },
    {
      tool: 'list_items',
      args: { kind: 'interface' },
      look: 'the address that the nodes reach: it is the server, or the portal with port 3260',
    },
    { tool: 'backup_coverage', args: { limit: 5 }, look: 'whether its dataset is covered' },
  ],
  knowHow: [
    'NFS, one volume made by hand: PersistentVolume spec: capacity.storage, accessModes [ReadWriteMany], persistentVolumeReclaimPolicy Retain, storageClassName "", nfs: {server: ADDRESS, path: /mnt/…}, mountOptions [nfsvers=4.2, hard]; its claim names the volume: volumeName, storageClassName "".',
    'NFS, volumes by themselves: StorageClass provisioner nfs.csi.k8s.io (csi-driver-nfs must be installed), parameters: {server: ADDRESS, share: /mnt/…}, reclaimPolicy Retain, mountOptions [nfsvers=4.2]. The driver makes folders as root: the export needs maproot root, or a folder that its mapped user may write.',
    'iSCSI: PersistentVolume spec: accessModes [ReadWriteOnce], iscsi: {targetPortal: ADDRESS:3260, iqn: BASE:TARGET, lun: 0, fsType: ext4, readOnly: false}; each node needs open-iscsi, and its initiator name on the list of the target.',
    'A zvol holds one file system of one node at a time: never ReadWriteMany. capacity.storage of an NFS volume binds nobody: the limit is the quota of the dataset.',
    'capacity.storage is written in Gi, as TrueNAS counts. Keep CHAP secrets in a Secret (chapAuthSession, secretRef), never in the manifest or the chat.',
  ],
  report:
    'Report: the manifests as one YAML, with what must be so on the NAS (export, hosts, service, quota, snapshots) and what you could not see. Do not invent addresses, names or sizes: ask for them.',
});
