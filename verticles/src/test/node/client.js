'use strict';
// One browser: speaks to the bridge as the command lines on stdin say, and prints what comes as JSON lines.

const EventBus = require('@vertx/eventbus-bridge-client.js');
const readline = require('node:readline');

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const leave = () => process.stdout.write('', () => process.exit(0)); // not before all is printed
const bus = new EventBus(process.argv[2], { transports: ['websocket'] });

bus.onopen = () => say({ event: 'open' });
bus.onerror = (error) => say({ event: 'err', body: error.body });
bus.onclose = () => {
  say({ event: 'close' });
  leave();
};

const commands = {
  register: (address) =>
    bus.registerHandler(address, (error, message) =>
      say({ event: 'rec', address: message.address, body: message.body })),
  send: (address) => bus.send(address, { hello: 1 }),
  publish: (address) => bus.publish(address, { hello: 1 }),
  // What no client would say: the text as it is, inside SockJS' frame.
  raw: (...text) => bus.sockJSConn.send(text.join(' ')),
  // A browser that stays there and does not read.
  pause: () => {
    bus.sockJSConn._transport.ws._stream.unpipe().pause();
    say({ event: 'paused' });
  },
  close: () => bus.close(),
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, ...rest] = line.split(' ');
  commands[command](...rest);
}).on('close', leave);
