/** Finding a method by its name, as the dispatcher of the older releases does before it asks who is calling. */
import type { SimMethod } from '../calls/method.ts';
import { CallError, ERRNO } from '../errors/exceptions.ts';
import { pythonRepr } from '../errors/python.ts';

/** A method that its service does not have. */
export class MethodNotFoundError extends CallError {
  readonly repr: string;

  constructor(method: string, service: string) {
    super(`Method ${pythonRepr(method)} not found in ${pythonRepr(service)}`, ERRNO.ENOMETHOD);
    this.repr = `MethodNotFoundError(${pythonRepr(method)}, ${pythonRepr(service)})`;
  }
}

/** The method. @throws CallError EBADMSG, ENOMETHOD */
export function findLegacyMethod(methods: ReadonlyMap<string, SimMethod>, name: string): SimMethod {
  const method = methods.get(name);
  if (method !== undefined) return method;
  const cut = name.lastIndexOf('.');
  if (cut < 0) throw new CallError('Invalid method name', ERRNO.EBADMSG);
  const service = name.slice(0, cut);
  const isKnown = [...methods.keys()].some((each) => each.slice(0, each.lastIndexOf('.')) === service);
  if (isKnown) throw new MethodNotFoundError(name.slice(cut + 1), service);
  throw new CallError(`Service ${pythonRepr(service)} not found`, ERRNO.ENOMETHOD);
}
