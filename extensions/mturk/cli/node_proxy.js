// Loaded into Node.js programs that `pouce mturk` runs (NODE_OPTIONS=--require): the AWS SDKs for JavaScript ignore
// HTTPS_PROXY. Connections to Mechanical Turk's requester hosts go through the proxy; all others are left alone.

"use strict";

const http = require("http");
const https = require("https");
const tls = require("tls");

const proxy = new URL(process.env.POUCE_MTURK_PROXY);
const turkHost = new RegExp(`^(?:${process.env.POUCE_MTURK_HOSTS})$`, "i");
const login = Buffer.from(`${proxy.username}:${proxy.password}`).toString("base64");
const connectDirectly = https.Agent.prototype.createConnection;

/** Node calls this for each new connection of an agent; the socket may be handed to `done` later. */
https.Agent.prototype.createConnection = function createConnection(...given) {
  const options = given.find((argument) => argument && typeof argument === "object") ?? {};
  const done = given.find((argument) => typeof argument === "function");
  const host = options.host ?? options.hostname ?? "";
  if (!done || !turkHost.test(host) || Number(options.port ?? 443) !== 443) return connectDirectly.apply(this, given);
  connectThroughProxy(host, options, done);
  return undefined;
};

function connectThroughProxy(host, options, done) {
  const request = http.request({
    host: proxy.hostname,
    port: proxy.port,
    method: "CONNECT",
    path: `${host}:443`,
    headers: { Host: `${host}:443`, "Proxy-Authorization": `Basic ${login}` },
    agent: false,
  });
  request.once("connect", (response, socket) => {
    if (response.statusCode === 200) return done(null, tls.connect({ ...options, socket, servername: options.servername || host }));
    socket.destroy();
    return done(new Error(`The proxy of pouce mturk answered ${response.statusCode}`));
  });
  request.once("error", done);
  request.end();
}
