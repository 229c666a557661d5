/** `idmap.*` on FreeBSD: how names of a domain become numbers. */
import type { SimMethod } from '../../calls/method.ts';
import { idmapRows } from '../idmap-rows.ts';
import { coreQuery } from '../legacy/base.ts';

export const IDMAP_METHODS: readonly SimMethod[] = [coreQuery({ namespace: 'idmap', rows: idmapRows })];
