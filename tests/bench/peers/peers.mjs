// Measures two peers on loopback as the bench measures us, and prints the figures as JSON:
// PouchDB with express-pouchdb over LevelDB for sync, tus for the upload of a large file.
//
//   node peers.mjs FOLDER [N_DOCS] [MIB]      the folder holds what is measured, and can go

import { fork } from "node:child_process";
import { createReadStream, mkdirSync, openSync, writeSync, closeSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";

const [, self, folder, ...words] = process.argv;
const isServer = words[0] === "serve";

/** The servers, in a process of their own as ours is. */
async function serve() {
  const { default: express } = await import("express");
  const { default: expressPouch } = await import("express-pouchdb");
  const { default: PouchDB } = await import("pouchdb");
  const { FileStore } = await import("@tus/file-store");
  const { Server } = await import("@tus/server");

  const databases = join(folder, "databases");
  mkdirSync(databases, { recursive: true });
  const Served = PouchDB.defaults({ prefix: databases + "/" });
  const app = express();
  app.use(expressPouch(Served, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: join(folder, "log") }));
  const sync = app.listen(0, "127.0.0.1");
  await once(sync, "listening");

  const files = join(folder, "files");
  mkdirSync(files, { recursive: true });
  const tus = new Server({ path: "/files", datastore: new FileStore({ directory: files }) });
  const upload = createServer((request, response) => tus.handle(request, response));
  upload.listen(0, "127.0.0.1");
  await once(upload, "listening");

  process.send({ sync: sync.address().port, upload: upload.address().port });
  process.on("disconnect", () => process.exit(0));
}

const now = () => Number(process.hrtime.bigint()) / 1e6;

async function timed(work) {
  const begun = now();
  await work();
  return now() - begun;
}

function docs(from, n) {
  const text = "知识付费，贵在坚持。会员制社群最难的不是拉新，是留存。".repeat(15);
  return Array.from({ length: n }, (_, i) => ({
    _id: `draft-${String(from + i).padStart(8, "0")}`,
    title: `第 ${from + i} 篇`,
    text: `${from + i} ${text}`,
  }));
}

async function synced(replication) {
  const result = await replication;
  if (!result.ok) throw new Error(`it did not come to its end: ${JSON.stringify(result)}`);
  return result;
}

async function measureSync(port, nDocs) {
  const { default: PouchDB } = await import("pouchdb");
  const own = join(folder, "computers");
  mkdirSync(own, { recursive: true });
  const Local = PouchDB.defaults({ prefix: own + "/" });
  const url = `http://127.0.0.1:${port}/drafts`;
  const far = () => new PouchDB(url, { skip_setup: false });
  const [a, b] = [new Local("a"), new Local("b")];
  const options = { batch_size: 1000 };

  await far().info();
  await a.bulkDocs(docs(0, nDocs));
  await synced(a.replicate.to(far(), options));
  const first = await timed(() => synced(b.replicate.from(far(), options)));
  const info = await b.info();
  if (info.doc_count !== nDocs) throw new Error(`${info.doc_count} of ${nDocs} came`);

  const reconnects = [];
  for (let i = 0; i < 5; i++) reconnects.push(await timed(() => synced(b.replicate.from(far(), options))));
  reconnects.sort((x, y) => x - y);

  // One by one, as somebody writes them.
  for (const doc of docs(nDocs, 1000)) await a.put(doc);
  const push = await timed(() => synced(a.replicate.to(far(), options)));
  await synced(b.replicate.from(far(), options));
  for (const doc of docs(nDocs + 1000, 100)) await a.put(doc);
  await synced(a.replicate.to(far(), options));
  const catchUp = await timed(() => synced(b.replicate.from(far(), options)));
  return {
    first_sync_rows_per_s: nDocs / (first / 1000),
    reconnect_ms: reconnects[2],
    push_1000_ms: push,
    catch_up_100_ms: catchUp,
  };
}

async function measureUpload(port, mib) {
  const { Upload } = await import("tus-js-client");
  const path = join(folder, "large.bin");
  const file = openSync(path, "w");
  const piece = Buffer.alloc(1 << 20, "stoa");
  for (let i = 0; i < mib; i++) {
    piece.writeUInt32LE(i, 0);
    writeSync(file, piece);
  }
  closeSync(file);
  const rate = async (chunkSize) => {
    const took = await timed(
      () =>
        new Promise((resolve, reject) => {
          const upload = new Upload(createReadStream(path), {
            endpoint: `http://127.0.0.1:${port}/files`,
            uploadSize: mib << 20,
            chunkSize,
            onError: reject,
            onSuccess: resolve,
          });
          upload.start();
        }),
    );
    return mib / (took / 1000);
  };
  return { upload_mib_per_s: await rate(8 << 20) };
}

if (isServer) {
  await serve();
} else {
  mkdirSync(folder, { recursive: true });
  const server = fork(self, [folder, "serve"], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [ports] = await once(server, "message");
  const nDocs = Number(words[0] ?? 10000);
  const mib = Number(words[1] ?? 256);
  const figures = {
    ...(await measureSync(ports.sync, nDocs)),
    ...(await measureUpload(ports.upload, mib)),
  };
  console.log(JSON.stringify(figures));
  server.disconnect();
  process.exit(0);
}
