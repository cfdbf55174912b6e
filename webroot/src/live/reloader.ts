/** Runs a load at most every `everyMs`, one at a time; a failed one is tried again, ever more slowly. */
export class Reloader {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running = false;
  private wanted = false;
  private startedAtMs = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private stopped = false;

  /**
   * @param load resolves to whether what was wanted is there now; false or a rejection: again later
   */
  constructor(
    private readonly load: () => Promise<boolean>,
    private readonly everyMs: number,
    private readonly slowestMs: number,
  ) {}

  /** A load that starts from now on is needed. */
  request(): void {
    this.wanted = true;
    if (!this.running && this.timer === null && !this.stopped) this.schedule();
  }

  /** As `request`, without waiting out a pause that failures have made long. */
  retryNow(): void {
    this.failures = 0;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.request();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private schedule(): void {
    const pauseMs = Math.min(this.everyMs * 2 ** this.failures, this.slowestMs);
    this.timer = setTimeout(() => void this.run(), Math.max(0, this.startedAtMs + pauseMs - Date.now()));
  }

  private async run(): Promise<void> {
    this.timer = null;
    this.wanted = false;
    this.running = true;
    this.startedAtMs = Date.now();
    try {
      if (!(await this.load())) this.wanted = true;
      this.failures = 0;
    } catch {
      // The load has said so to whoever looks; here it only means to try again.
      this.failures++;
      this.wanted = true;
    }
    this.running = false;
    if (this.wanted && !this.stopped) this.schedule();
  }
}
