import { Listr, ListrTaskState } from 'listr2';
import type { ListrTaskObject, SilentRenderer } from 'listr2';
import type { Reporter, RunEvent, Summary } from './event.js';
import type { RunState } from './event-line.gen.js';
import { detailOf, eventText, newFailuresText } from './event-text.js';
import { formatCounted } from './format.js';
import type { TextReporterOptions } from './plain.js';
import { Progress } from './progress.js';
import { ResultText } from './result-text.js';
import { Screen } from './screen.js';
import type { FrameSize } from './screen.js';
import { terminalColumns } from './terminal.js';
import type { Palette } from './terminal.js';
import { hang, wrapWords } from './text.js';
import { convertedTitle, convertTitle, crewLines, progressBar, scanTitle } from './tree-text.js';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const INDENT = '    ';

type StageTask = ListrTaskObject<unknown, typeof SilentRenderer, typeof SilentRenderer>;
type StageEnd = ListrTaskState.COMPLETED | ListrTaskState.FAILED | ListrTaskState.SKIPPED;

/**
 * The live screen of a terminal: scan, plan, conversion with a line for each busy worker, deletes;
 * failures and notices stay above it as they come. The stages are tasks of listr2. Drawing is our
 * own: listr2's renderers measure standard output, cut off the head of what is too tall, and keep
 * the process alive.
 */
export class TreeReporter implements Reporter {
  readonly #options: TextReporterOptions;
  readonly #progress: Progress;
  readonly #result: ResultText;
  readonly #screen: Screen;
  readonly #scan = new Stage();
  readonly #plan = new Stage();
  readonly #convert = new Stage();
  readonly #delete = new Stage();
  #live = true;
  /** Of another process's run, where that is what is shown. */
  #watched: RunState | undefined;

  constructor(options: TextReporterOptions) {
    const { base, full, markdown, stdout, stderr, clock } = options;
    this.#options = options;
    this.#progress = new Progress(clock);
    this.#result = new ResultText({ base, full, markdown, palette: stdout.palette });
    this.#screen = new Screen(stderr, (size, tick) => this.#frame(size, tick));
    runStages(this.#stages);
  }

  get #stages(): readonly Stage[] {
    return [this.#scan, this.#plan, this.#convert, this.#delete];
  }

  report(event: RunEvent): void {
    const { base, stdout, stderr } = this.#options;
    this.#progress.update(event);
    this.#advance(event);
    const detail = detailOf(event);
    const style = { base, palette: stderr.palette };
    if (detail === 'failures' || detail === 'normal') this.#print(eventText(event, style));
    if (event.type === 'run-state') {
      this.#print(newFailuresText(this.#watched, event, style));
      this.#watched = event;
    }
    const result = this.#result.take(event);
    if (result === '') return;
    this.#screen.commit();
    for (const stage of this.#stages) stage.hide();
    stdout.write(stdout.stream.isTTY === true ? `\n${result}` : result);
  }

  close(exitCode: number): void {
    if (!this.#live) return;
    this.#live = false;
    const end = exitCode === 0 ? ListrTaskState.COMPLETED : ListrTaskState.FAILED;
    for (const stage of this.#stages) stage.end(end);
    this.#screen.close();
  }

  #print(text: string): void {
    if (text !== '')
      this.#screen.print(hang(text, terminalColumns(this.#options.stderr.stream) - 1));
  }

  get #state(): RunState {
    return this.#watched ?? this.#progress.state();
  }

  #advance(event: RunEvent): void {
    switch (event.type) {
      case 'scan-progress':
        this.#scan.title = scanTitle(event);
        break;
      case 'plan-ready':
        this.#scan.title = `Scanned ${formatCounted(event.sources, 'source')}`;
        this.#scan.end(ListrTaskState.COMPLETED);
        break;
      case 'apply-started':
        this.#plan.title = this.#result.planLine ?? '';
        this.#plan.end(ListrTaskState.COMPLETED);
        if (event.tasks > 0) this.#convert.title = convertTitle(this.#progress.state());
        break;
      case 'run-state':
        this.#watch(event);
        break;
      case 'file-deleted':
        this.#delete.title = `Deleting, ${formatCounted(this.#progress.deleted, 'file')} done`;
        break;
      case 'summary':
        this.#summarize(event);
        break;
      default:
    }
  }

  #summarize({ interrupted, failed, deleted, tasks }: Summary): void {
    if (tasks > 0) this.#convert.title = convertedTitle(this.#state, interrupted);
    if (interrupted) this.#convert.end(ListrTaskState.SKIPPED);
    this.#convert.end(failed > 0 ? ListrTaskState.FAILED : ListrTaskState.COMPLETED);
    if (deleted > 0) this.#delete.title = `Deleted ${formatCounted(deleted, 'file')}`;
    this.#delete.end(ListrTaskState.COMPLETED);
  }

  /** The stages of a run that another process is at. */
  #watch(state: RunState): void {
    const { stage, scan, tasks, exitCode, failed, deleted } = state;
    if (stage === 'scanning' && exitCode === null) {
      this.#scan.title = scan === null ? 'Scanning' : scanTitle(scan);
      return;
    }
    if (this.#scan.shown) this.#scan.end(ListrTaskState.COMPLETED);
    if (stage === 'planned') this.#plan.title = 'Planned';
    if (tasks > 0) {
      this.#plan.hide();
      const over = stage === 'finished' || exitCode !== null;
      this.#convert.title = over
        ? convertedTitle(state, state.done + failed < tasks)
        : convertTitle(state);
      if (over) this.#convert.end(failed > 0 ? ListrTaskState.FAILED : ListrTaskState.COMPLETED);
    }
    if (deleted > 0) this.#delete.title = `Deleted ${formatCounted(deleted, 'file')}`;
  }

  #frame(size: FrameSize, tick: number): readonly string[] {
    const view = { columns: size.columns, tick, palette: this.#options.stderr.palette };
    if (this.#convert.running) this.#convert.title = convertTitle(this.#state);
    const shown = this.#stages.filter((stage) => stage.shown);
    const titles = shown.map((stage) => stage.titleLines(view));
    const rows = size.rows - titles.flat().length;
    return shown.flatMap((stage, index) => [
      ...(titles[index] ?? []),
      ...(stage === this.#convert && stage.running ? this.#work({ ...size, rows }, view) : []),
    ]);
  }

  /** The bar, and below it what the workers are at, in the rows that are left. */
  #work(room: FrameSize, { palette }: StageView): readonly string[] {
    const state = this.#state;
    const size = { columns: room.columns - INDENT.length, rows: room.rows - 1 };
    const lines = [
      progressBar(state, size.columns),
      ...crewLines(state.agents, size, this.#options.base),
    ];
    return lines.map((line) => `${INDENT}${palette.dim(line)}`);
  }
}

interface StageView {
  readonly columns: number;
  readonly tick: number;
  readonly palette: Palette;
}

/** A step of the run, a task of listr2; it is on the screen while it has a title. */
class Stage {
  title = '';
  readonly ended: Promise<void>;
  #task: StageTask | undefined;
  /** Known at once; listr2 learns it some turns of the event loop later. */
  #end: StageEnd | undefined;
  #finish: () => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get shown(): boolean {
    return this.title !== '';
  }

  get running(): boolean {
    return this.shown && this.#end === undefined;
  }

  attach(task: StageTask): void {
    this.#task = task;
  }

  /** Only the first end counts. */
  end(state: StageEnd): void {
    this.#end ??= state;
    if (this.#task !== undefined) this.#task.state$ = this.#end;
    this.#finish();
  }

  hide(): void {
    this.title = '';
  }

  titleLines({ columns, tick, palette }: StageView): readonly string[] {
    const [first = '', ...rest] = wrapWords(this.title, columns - 2);
    return [`${this.#icon(tick, palette)} ${first}`, ...rest.map((line) => `  ${line}`)];
  }

  #icon(tick: number, palette: Palette): string {
    switch (this.#end ?? this.#task?.state) {
      case ListrTaskState.COMPLETED:
        return palette.green('✔');
      case ListrTaskState.FAILED:
        return palette.red('✖');
      case ListrTaskState.SKIPPED:
        return palette.yellow('◼');
      default:
        return palette.cyan(SPINNER[tick % SPINNER.length] ?? '');
    }
  }
}

/** Hands the stages to listr2, which ends when the last of them does. No signal is touched. */
function runStages(stages: readonly Stage[]): void {
  const listr = new Listr<unknown, 'silent', 'silent'>(
    stages.map(({ ended }) => ({ task: () => ended })),
    { renderer: 'silent', concurrent: true, registerSignalListeners: false },
  );
  for (const [index, task] of listr.tasks.entries()) stages[index]?.attach(task);
  void listr.run();
}
