/** Finding a method by its name, as the NAS's own services look for one another. */
import { CallError, ERRNO } from '../errors/exceptions.ts';
import { pythonRepr } from '../errors/python.ts';
import type { SimMethod } from './method.ts';

/** The method. @throws CallError EBADMSG, ENOMETHOD */
export function findMethod(methods: ReadonlyMap<string, SimMethod>, name: string): SimMethod {
  const method = methods.get(name);
  if (method !== undefined) return method;
  const cut = name.lastIndexOf('.');
  if (cut < 0) throw new CallError('Invalid method name', ERRNO.EBADMSG);
  const [service, bare] = [name.slice(0, cut), name.slice(cut + 1)];
  const isKnown = [...methods.keys()].some((each) => each.slice(0, each.lastIndexOf('.')) === service);
  const problem = isKnown
    ? `Method ${pythonRepr(bare)} not found in ${pythonRepr(service)}`
    : `Service ${pythonRepr(service)} not found`;
  throw new CallError(problem, ERRNO.ENOMETHOD);
}
