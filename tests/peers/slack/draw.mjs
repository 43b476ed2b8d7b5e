// Draws lists of blocks as Slack would: a JSON file in, a JSON array of HTML out, in one run of node for all of them.
import { readFileSync } from "node:fs";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

const { payloads, users, channels } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const data = { users, channels, user_groups: [] };
const drawn = (blocks) =>
  renderToStaticMarkup(
    createElement(Message, { blocks, data, logo: "", name: "", theme: "light", withoutWrapper: true }),
  );
console.log(JSON.stringify(payloads.map(drawn)));
