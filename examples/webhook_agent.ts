/* An agent behind an address, in TypeScript: each turn is a signed POST.
 *
 *    SECRET=$(agentarena agents secret "my webhook") npx --yes tsx examples/webhook_agent.ts 9000
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

type Turn = { type: "turn"; goal: string; observation: { title: string } };
type Message = Turn | { type: "end" };

const secret = Buffer.from((process.env.SECRET ?? "").replace(/^whsec_/, ""), "base64");

function isSigned(request: IncomingMessage, body: string): boolean {
  const [id, at, given] = ["id", "timestamp", "signature"].map((name) => request.headers[`webhook-${name}`]);
  const tag = createHmac("sha256", secret).update(`${id}.${at}.${body}`).digest("base64");
  const [own, theirs] = [Buffer.from(`v1,${tag}`), Buffer.from(String(given))];
  return secret.length === 0 || (own.length === theirs.length && timingSafeEqual(own, theirs));
}

const decide = (turn: Turn) => ({ tool: "send_msg_to_user", arguments: { text: turn.observation.title } });

createServer(async (request, response) => {
  const body = await text(request);
  if (!isSigned(request, body)) return response.writeHead(401).end("the signature is wrong");
  const message: Message = JSON.parse(body);
  const reply = message.type === "turn" ? decide(message) : {};
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
}).listen(Number(process.argv[2] ?? 9000), "127.0.0.1");
