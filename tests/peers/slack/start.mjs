// For each line of stdin that has seeds, starts one emulated workspace for each of them and says their ports in one line;
// closes those of a line that has ports. It ends when stdin ends: so it never outlives the tests that started it.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createEmulator } from "emulate";

const free = () =>
  new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

const running = new Map();

// emulate takes no port 0, and a free port can be taken by another before it listens.
const started = async (seed, tries = 5) => {
  const port = await free();
  try {
    const baseUrl = `https://${seed.slack.team.domain}.slack.com`;
    running.set(port, await createEmulator({ service: "slack", port, seed, baseUrl }));
    return port;
  } catch (error) {
    if (error.code !== "EADDRINUSE" || tries === 1) throw error;
    return started(seed, tries - 1);
  }
};

const startAll = async (seeds) => {
  const ports = [];
  for (const seed of seeds) ports.push(await started(seed));
  console.log(JSON.stringify(ports));
};

const close = (port) => {
  running.get(port).close();
  running.delete(port);
};

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { seeds, ports } = JSON.parse(line);
  if (seeds) startAll(seeds);
  else ports.forEach(close);
});
lines.once("close", () => process.exit(0));
