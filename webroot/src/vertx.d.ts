/** The bridge client brings no types; this is what we use of it. */
declare module '@vertx/eventbus-bridge-client.js' {
  export interface BridgeOptions {
    transports?: string[];
    vertxbus_ping_interval?: number;
  }

  export default class EventBus {
    constructor(url: string, options?: BridgeOptions);
    onopen: (() => void) | null;
    onclose: ((event: unknown) => void) | null;
    onerror: (error: unknown) => void;
    /** Its handler parses the text of a frame; set anew with each connection. */
    sockJSConn: { onmessage: (event: { data: string }) => void; onheartbeat?: () => void };
    registerHandler(address: string, handler: (error: unknown, message: { body: unknown }) => void): void;
    close(): void;
  }
}
