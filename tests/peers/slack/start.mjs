// Reads seeds from the first line of stdin, starts one emulated workspace for each, says their ports in one line, and
// ends when stdin ends: so it never outlives the test that started it.
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

// emulate takes no port 0, and a free port can be taken by another before it listens.
const started = async (seed, tries = 5) => {
  const port = await free();
  try {
    await createEmulator({ service: "slack", port, seed, baseUrl: `https://${seed.slack.team.domain}.slack.com` });
    return port;
  } catch (error) {
    if (error.code !== "EADDRINUSE" || tries === 1) throw error;
    return started(seed, tries - 1);
  }
};

const lines = createInterface({ input: process.stdin });
lines.once("line", async (line) => {
  const ports = [];
  for (const seed of JSON.parse(line)) ports.push(await started(seed));
  console.log(JSON.stringify(ports));
});
lines.once("close", () => process.exit(0));
