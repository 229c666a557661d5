/** What a tool gives to be drawn: facts, not shapes. Its texts pass redaction before they are drawn, as pixels cannot after. */

/** One moment of a curve: the mean of what was measured around it, and the extremes. */
export interface CurvePoint {
  readonly ms: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One curve. */
export interface Curve {
  readonly name: string;
  /** Beside the name in the legend: `max 84 %, last 12 %`. */
  readonly figures: string;
  /** In the order of time; a moment that is not there was not measured. */
  readonly points: readonly CurvePoint[];
  /** Two points that are further apart have a gap between them. */
  readonly gapMs: number;
}

/** Curves over a range of time. */
export interface ChartPicture {
  readonly kind: 'chart';
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Worst first. */
  readonly curves: readonly Curve[];
  /** Steps of the axis are those of 1024 instead of 10. */
  readonly isBinary: boolean;
  /** Said under the curves: what is not drawn, or why nothing is. */
  readonly notes: readonly string[];
}

/** A disk, or what stands in its place. */
export interface DrawnDisk {
  readonly name: string;
  readonly status: string;
  /** `3 read errors`; empty without. */
  readonly errors: string;
}

/** A pool with its vdevs and disks. */
export interface PoolPicture {
  readonly kind: 'pool';
  readonly title: string;
  readonly status: string;
  /** `35.5 TiB of 86.7 TiB used (41 %)`; empty when it is not known. */
  readonly space: string;
  /** 0 to 1. */
  readonly usedShare: number | undefined;
  readonly vdevs: readonly {
    readonly vdevClass: string;
    readonly name: string;
    readonly status: string;
    readonly disks: readonly DrawnDisk[];
  }[];
  readonly notes: readonly string[];
}

export type Picture = ChartPicture | PoolPicture;

/** Words for the numbers and moments of a picture; functions, which no redaction looks at. */
export interface PictureWords {
  /** Of an axis: `50 %`, `1.2 GiB`. */
  readonly value: (value: number) => string;
  readonly moment: (ms: number) => string;
}

/** A picture that may be drawn. */
export interface Drawable {
  readonly picture: Picture;
  readonly words: PictureWords;
}
