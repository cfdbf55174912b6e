import type EventBus from '@vertx/eventbus-bridge-client.js';
import { SILENT_MS } from './indicator';
import { parseExact, quoteLargeIntegers } from '../wire/json';

export type Opener = () => EventBus;

export interface BusListener {
  opened(): void;
  closed(): void;
  /** A heartbeat of the other side: it is there, and has nothing to say. */
  heartbeat(): void;
  message(address: string, body: unknown): void;
}

const BACKOFF_MIN_MS = 500;
const BACKOFF_MAX_MS = 5_000;
/** A connection that has not opened by then is given up. */
const OPENING_MS = 12_000;

/**
 * One connection to the bridge, kept up: it comes back by itself after 0.5 to 5 s, and a peer that has fallen
 * silent counts as gone (a cut network closes nothing); a heartbeat of SockJS breaks the silence as a message does. Each attempt is a new client: the library keeps a
 * `reconnecting` one's counters and handlers in ways that are hard to reason about.
 */
export class Bus {
  private current: EventBus | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private watchdog: ReturnType<typeof setTimeout> | null = null;
  private attempts = 0;
  private stopped = false;

  constructor(
    private readonly open: Opener,
    private readonly addresses: readonly string[],
    private readonly listener: BusListener,
  ) {}

  start(): void {
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    const bus = this.current;
    this.current = null;
    if (bus !== null) quietly(() => bus.close());
  }

  private connect(): void {
    this.timer = null;
    let bus: EventBus;
    try {
      bus = this.open();
    } catch {
      this.again();
      return;
    }
    this.current = bus;
    this.watch(bus, OPENING_MS);
    // The library parses with JSON.parse; what a double cannot hold must reach it as text.
    const parse = bus.sockJSConn.onmessage;
    bus.sockJSConn.onmessage = (event) => parse({ data: quoteLargeIntegers(event.data) });
    bus.sockJSConn.onheartbeat = () => {
      if (bus !== this.current) return;
      this.watch(bus);
      this.listener.heartbeat();
    };
    bus.onerror = () => undefined;
    bus.onopen = () => {
      if (bus !== this.current) return;
      this.watch(bus);
      this.listener.opened();
      for (const address of this.addresses) {
        bus.registerHandler(address, (error, message) => {
          if (bus !== this.current || error) return;
          this.attempts = 0;
          this.watch(bus);
          // A body may be an object, or JSON in a text.
          const body = message.body;
          this.listener.message(address, typeof body === 'string' ? parseExact(body) : body);
        });
      }
    };
    bus.onclose = () => {
      if (bus === this.current) this.lost();
    };
  }

  private watch(bus: EventBus, silentMs = SILENT_MS): void {
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      if (bus !== this.current) return;
      this.lost();
      quietly(() => bus.close());
    }, silentMs);
  }

  private lost(): void {
    this.current = null;
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.listener.closed();
    this.again();
  }

  private again(): void {
    if (this.stopped) return;
    const pauseMs = Math.min(BACKOFF_MIN_MS * 2 ** this.attempts, BACKOFF_MAX_MS);
    this.attempts++;
    this.timer = setTimeout(() => this.connect(), pauseMs);
  }
}

/** Whatever closing throws: the connection is given up either way, and what it still says is not listened to. */
function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // As said above.
  }
}
