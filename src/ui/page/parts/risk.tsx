/** The risk of a change as a mark: each has a shape of its own, so that nobody needs to see colours. */
import type { ComponentChild } from 'preact';
import { Mark } from './state.tsx';

/** What a risk looks like, and what it means. */
interface Look {
  /** Class of its colours. */
  readonly colours: string;
  readonly meaning: string;
  readonly shape: ComponentChild;
}

/** By the words of the server (src/policy/risk). */
const LOOKS: Readonly<Record<string, Look>> = {
  reversible: {
    colours: 'ok',
    meaning: 'Nothing is lost, opened or cut off.',
    shape: (
      <>
        <circle class="mark-shape" cx="8" cy="8" r="7" />
        <path class="mark-sign" d="M7 4.5 4.5 7 7 9.5M4.8 7h4.4a2.2 2.2 0 0 1 0 4.4H7.5" />
      </>
    ),
  },
  configuration: {
    colours: 'notable',
    meaning: 'Settings, or things that are new and empty.',
    shape: (
      <>
        <rect class="mark-shape" x="1.2" y="1.2" width="13.6" height="13.6" rx="3" />
        <path class="mark-sign" d="M4 5.5h8M4 10.5h8M9.5 4v3M6.5 9v3" />
      </>
    ),
  },
  exposes: {
    colours: 'warning',
    meaning: 'Somebody can reach more than before, or it cannot be told.',
    shape: (
      <>
        <path class="mark-shape" d="M8 1.5 15.2 14.2H.8Z" />
        <path class="mark-sign" d="M4.6 10.8c1.8-2.4 5-2.4 6.8 0-1.8 2.4-5 2.4-6.8 0ZM8 10.7v.2" />
      </>
    ),
  },
  destroys: {
    colours: 'critical',
    meaning: 'Data, access, a protection or running work is lost.',
    shape: (
      <>
        <path class="mark-shape" d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" />
        <path class="mark-sign" d="m5.5 5.5 5 5m0-5-5 5" />
      </>
    ),
  },
  executes: {
    colours: 'critical',
    meaning: 'Code runs as root, or nobody has judged what is sent.',
    shape: (
      <>
        <path class="mark-shape" d="M8 .8 14.2 4.4v7.2L8 15.2l-6.2-3.6V4.4Z" />
        <path class="mark-sign" d="m5 5.8 2.4 2.2L5 10.2M8.6 10.6H11" />
      </>
    ),
  },
};

/** What the risk means; one that is not known here says so. */
export function riskMeaning(risk: string): string {
  return lookOf(risk)?.meaning ?? 'What this risk means is not known here.';
}

/** The class of its colours. */
export function riskColours(risk: string): string {
  return lookOf(risk)?.colours ?? 'unknown';
}

/** The mark alone; the word of it stands beside. */
export function RiskMark({ risk, size }: { readonly risk: string; readonly size: number }) {
  const look = lookOf(risk);
  if (look === undefined) return <Mark state="unknown" size={size} />;
  return (
    <svg class={`mark ${look.colours}`} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {look.shape}
    </svg>
  );
}

function lookOf(risk: string): Look | undefined {
  return Object.hasOwn(LOOKS, risk) ? LOOKS[risk] : undefined;
}
