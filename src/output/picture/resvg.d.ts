/** As much of the optional package as is used: a checkout without optional packages compiles as well. */
declare module '@resvg/resvg-js' {
  /** An SVG that is ready to be drawn. */
  export class Resvg {
    constructor(svg: string, options: Readonly<Record<string, unknown>>);
    render(): { readonly pixels: Uint8Array; readonly width: number; readonly height: number };
  }
}
