// Starts the Agents Playground as its command line does, and ends with its stdin: with the test, even a killed one.
// By itself it listens on all interfaces; here it must not be reached from other machines.
import net from "node:net";
import { createRequire } from "node:module";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === "number" ? listen.call(this, port, "127.0.0.1", ...rest) : listen.call(this, port, ...rest);
};
process.stdin.resume();
process.stdin.on("close", () => process.exit(0));
createRequire(import.meta.url)("@microsoft/m365agentsplayground/cli.js");
