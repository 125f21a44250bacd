/** What is told of pilots while a run lasts. */
export type PilotEvent =
  | { readonly type: 'pilots-submitted'; readonly provider: string; readonly count: number }
  /** The engine did not do as it was told; it is asked again. */
  | { readonly type: 'provider-trouble'; readonly provider: string; readonly text: string }
  /** No more pilots are asked of it in this run. */
  | { readonly type: 'provider-given-up'; readonly provider: string; readonly text: string }
  /** The run is over, and the engine did not say that these are gone. */
  | {
      readonly type: 'pilots-left';
      readonly provider: string;
      readonly ids: readonly string[];
    };
