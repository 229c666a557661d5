/** Executes the calls of one connection: at most so many at once, with the faults that a test ordered. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { type CallSlots, createCallSlots } from './call-slots.ts';
import { toJson } from './codec.ts';
import type { Core } from '../server/core.ts';
import type { Dispatcher } from '../calls/dispatch.ts';
import { isMutating, isMutatingByName } from '../calls/mutating.ts';
import type { Fault, FaultQueue } from '../control/faults.ts';
import type { OpenRecord, Recorder } from '../control/recorder.ts';
import { type Twist, twistOf } from '../control/twists.ts';
import { isAtLeast, isCore } from '../releases.ts';
import type { SimSession } from '../session/session-state.ts';

/** What every connection of one boot shares. */
export interface ConnectionHost {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  readonly faults: FaultQueue;
  readonly recorder: Recorder;
  /** Waits, or not at all once the server has stopped. */
  wait(ms: number): Promise<void>;
  /** Holds a call back that needs no sign-in and came too often; null when it may go on. */
  throttle(method: string, session: SimSession): Promise<void> | null;
  /** True while nothing is to be answered. */
  isSilent(): boolean;
}

/** A call as a frame brought it. */
export interface Call {
  /** Undefined: the call is executed and not answered. */
  readonly id: unknown;
  /** The id as JSON, to be echoed. */
  readonly idText: string;
  readonly method: string;
  /** Parameters as they travelled. */
  readonly params: readonly unknown[];
  /** The same with special values decoded. */
  readonly args: readonly unknown[];
}

/** A failure as it is sent; `code` is what the recorder notes. */
export interface FailureText {
  readonly text: string;
  readonly code: number;
}

/** How a protocol writes answers. */
export interface AnswerForm {
  /** `json` is the result's text. */
  success(idText: string, json: string): string;
  /** Anything that a call threw. */
  failure(idText: string, thrown: unknown): FailureText;
  /** A result that is no JSON. */
  unwritable(idText: string, thrown: unknown): FailureText;
  /** One call too many on this connection. */
  tooManyCalls(idText: string): FailureText;
  /** Too many calls that need no sign-in. */
  throttled(idText: string): FailureText;
  /** An error that a test ordered. */
  ordered(idText: string, fault: Extract<Fault, { kind: 'error' }>): FailureText;
  /** An answer to an id that nobody used. */
  readonly toNobody: string;
  /** How a success begins: sent where an answer is to be cut off. */
  readonly beginning: string;
  /** True when a call of this session counts against the limit of those that need no sign-in. */
  counts(session: SimSession): boolean;
  /** Such a call is refused before it is looked whether there is room for it. */
  readonly countsFirst: boolean;
  /** An error that cannot be sent, its call having no id. */
  failedSilently(): void;
}

/** The connection a runner works for. */
export interface RunnerLine {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly session: SimSession;
  send(text: string): void;
  close(code: number, reason?: string): void;
  cut(): void;
  isClosed(): boolean;
}

/** Runs calls. */
export interface CallRunner {
  accept(call: Call): void;
  /** Forgets the calls that wait. */
  forgetWaiting(): void;
}

interface Request extends Call {
  readonly record: OpenRecord;
}

/** Makes the runner of a connection. */
export function createCallRunner(host: ConnectionHost, line: RunnerLine, form: AnswerForm): CallRunner {
  const { core, dispatcher, faults, recorder } = host;
  const { session, socket, stream } = line;
  const changes = isCore(core.legacy) ? isMutatingByName : isMutating;
  const send = (text: string): void => line.send(text);
  const cut = (): void => line.cut();
  const slots: CallSlots = createCallSlots(stream);

  function sendReply(request: Request, text: string): void {
    request.record.bytesOut = Buffer.byteLength(text);
    send(text);
  }

  function succeed(request: Request, result: unknown): void {
    if (request.id === undefined) return;
    let text: string;
    try {
      text = form.success(request.idText, toJson(result));
    } catch (error) {
      fail(request, form.unwritable(request.idText, error));
      return;
    }
    sendReply(request, text);
  }

  function fail(request: Request, { text, code }: FailureText): void {
    request.record.errorCode = code;
    if (request.id === undefined) form.failedSilently();
    else sendReply(request, text);
  }

  function failWith(request: Request, thrown: unknown): void {
    fail(request, form.failure(request.idText, thrown));
  }

  function throttle(request: Request): Promise<void> | null {
    return form.counts(session) ? host.throttle(request.method, session) : null;
  }

  /** Executes a call; null when it is answered already. */
  function start(request: Request): Promise<void> | null {
    const fault = faults.take(request.method);
    const throttled = form.countsFirst ? null : throttle(request);
    if (throttled !== null) return throttled.then(() => fail(request, form.throttled(request.idText)));
    if (fault !== null) return runFaulty(request, fault);
    let result: unknown;
    try {
      result = admit(request)();
    } catch (error) {
      failWith(request, error);
      return null;
    }
    if (!(result instanceof Promise)) {
      succeed(request, result);
      return null;
    }
    return result.then(
      (value) => succeed(request, value),
      (error: unknown) => failWith(request, error),
    );
  }

  function admit({ id, method, args }: Request, twist?: Twist): () => unknown {
    return dispatcher.admit({ session, requestId: id, twist }, method, args);
  }

  async function runFaulty(request: Request, fault: Fault): Promise<void> {
    if (preventsExecution(request, fault)) return;
    let result: unknown;
    try {
      const run = admit(request, twistOf(fault));
      if (fault.kind === 'delay') await host.wait(fault.ms);
      if (line.isClosed() && isAtLeast(core.release, '27.0')) return;
      result = await run();
    } catch (error) {
      failWith(request, error);
      return;
    }
    await answerFaultily(request, fault, result);
  }

  /** True when the fault took the place of the call. */
  function preventsExecution(request: Request, fault: Fault): boolean {
    switch (fault.kind) {
      case 'drop-before':
        cut();
        return true;
      case 'close':
        line.close(fault.code, fault.reason);
        return true;
      case 'too-many-calls':
        fail(request, form.tooManyCalls(request.idText));
        return true;
      case 'error':
        fail(request, form.ordered(request.idText, fault));
        return true;
      default:
        return false;
    }
  }

  async function answerFaultily(request: Request, fault: Fault, result: unknown): Promise<void> {
    switch (fault.kind) {
      case 'drop-after':
        return cut();
      case 'silence':
        return new Promise((resolve) => {
          socket.once('close', () => resolve());
        });
      case 'slow-answer':
        await host.wait(fault.ms);
        return succeed(request, result);
      case 'malformed':
        return sendReply(request, `${form.beginning}{"na`);
      case 'half-frame':
        return sendHalfFrame();
      case 'answer-to-nobody':
        send(form.toNobody);
        return succeed(request, result);
      case 'duplicate':
        succeed(request, result);
        return succeed(request, result);
      case 'giant':
        return succeed(request, 'x'.repeat(fault.megabytes * 1_000_000));
      case 'result':
        return succeed(request, fault.result);
      default:
        return succeed(request, result);
    }
  }

  /** A text frame that announces 1000 bytes and brings 20. */
  function sendHalfFrame(): void {
    const header = Buffer.from([0x81, 126, 0x03, 0xe8]);
    const beginning = Buffer.from(form.beginning.slice(0, 20));
    stream.write(Buffer.concat([header, beginning]), () => cut());
  }

  return {
    accept(call) {
      const called = core.methods.get(call.method);
      const record = recorder.note(call.method, call.params, {
        sessionId: session.id,
        isMutating: called !== undefined && changes(called),
      });
      const request: Request = { ...call, record };
      const throttled = form.countsFirst ? throttle(request) : null;
      if (throttled !== null) {
        void throttled.then(() => fail(request, form.throttled(request.idText)));
        return;
      }
      if (!slots.enter(() => start(request))) fail(request, form.tooManyCalls(request.idText));
    },
    forgetWaiting: () => slots.forgetWaiting(),
  };
}
