/** How each kind of things is diagnosed. */
import { alert } from './alert.ts';
import { app } from './app.ts';
import { certificate } from './certificate.ts';
import { disk } from './disk.ts';
import { network } from './network.ts';
import { pool } from './pool.ts';
import { share } from './share.ts';
import type { Subject, SubjectKind } from './subject.ts';
import { replication, task } from './task.ts';

export const SUBJECTS: Readonly<Record<SubjectKind, Subject>> = {
  pool,
  disk,
  share,
  app,
  replication,
  task,
  network,
  certificate,
  alert,
};
