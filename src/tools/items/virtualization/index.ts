/** Kinds of the toolset `virtualization`. */
import type { Kind } from '../kind.ts';
import { containerDevice } from './container-device.ts';
import { containerImage } from './container-image.ts';
import { container } from './container.ts';
import { jail } from './jail.ts';
import { plugin } from './plugin.ts';
import { vmDevice } from './vm-device.ts';
import { vm } from './vm.ts';

export const KINDS: readonly Kind[] = [
  vm,
  vmDevice,
  container,
  containerDevice,
  containerImage,
  jail,
  plugin,
];
