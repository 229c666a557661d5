/** Kinds of the toolset `apps`. */
import type { Kind } from '../kind.ts';
import { appImage } from './app-image.ts';
import { app } from './app.ts';
import { catalogApp } from './catalog-app.ts';
import { docker } from './docker.ts';
import { registry } from './registry.ts';

export const KINDS: readonly Kind[] = [app, appImage, catalogApp, registry, docker];
