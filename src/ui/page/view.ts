/** What a view is: one object in one file of views/. */
import type { ComponentChild } from 'preact';
import type { ViewName } from '../../tools/view-names.ts';
import type { ToolCall } from './bridge.ts';
import type { JsonObject } from './json.ts';

/** What a view draws with. */
export interface Drawing {
  /** The tool that answered; empty where the host did not tell. */
  readonly tool: string;
  /** The structured content of the tool's answer. */
  readonly data: JsonObject;
  /** More for the view alone; a host may leave it out. */
  readonly viewData: JsonObject | undefined;
  /** The arguments of the call, as far as the host told them. */
  readonly args: JsonObject;
  /** Calls a read tool and draws its answer instead; absent where the host passes no calls on. */
  readonly open: ((call: ToolCall) => void) | undefined;
}

/** A view. */
export interface View {
  readonly name: ViewName;
  /** The tools whose answers it draws. */
  readonly tools: readonly string[];
  /** It draws errors that carry data, too: how a change ended is told, whether well or not. */
  readonly drawsErrors?: true;
  /** The picture; undefined when the data is not of the form that it draws: the text is then shown alone. */
  readonly draw: (drawing: Drawing) => ComponentChild | undefined;
}
