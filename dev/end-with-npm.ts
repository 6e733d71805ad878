// For a program that npm runs: it ends when npm does, however that came about. Whoever loses its parent is given to
// another process, so a changed parent id tells; what this program started sees its own end in turn.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 500).unref();

export {};
