// Records the digest of everything the build reads, so that a test can tell
// when the committed dist/ is older than its sources.
// tests/sandbox/test_page_build.py computes the same digest: keep the two alike.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILES = ["index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"];
const FOLDERS = ["public", "src"];

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const paths = [...FILES, ...FOLDERS.flatMap(filesBelow)].map((path) => path.replaceAll("\\", "/"));
const digest = createHash("sha256");
for (const path of paths.sort()) {
  const content = createHash("sha256").update(readFileSync(path)).digest("hex");
  digest.update(`${content}  ${path}\n`);
}
writeFileSync("dist/sources.sha256", `${digest.digest("hex")}\n`);
