// For a child process started with an 'ipc' channel and `--import` of this file: it ends when its parent does, however
// that came about. A signal would not do, nobody sends one after `kill -9`; but the system then closes the channel.

process.once('disconnect', () => process.exit());
// The parent can be gone before we were listening.
if (!process.connected) process.exit();
// The channel alone must not keep a child alive that has finished its work.
process.channel?.unref();

export {};
