// Builds what the pages load into static/build (with --tests: the viewer's tests into ../build/viewer-tests).
import { copyFile, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const STATIC = "static/build";
const TESTS = "../build/viewer-tests";

async function buildStatic() {
  await mkdir(STATIC, { recursive: true });
  await build({
    entryPoints: ["viewer/viewer.ts"],
    outdir: STATIC,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "eof",
  });
  await copyFile("node_modules/htmx.org/dist/htmx.min.js", `${STATIC}/htmx.min.js`);
}

async function buildTests() {
  await rm(TESTS, { recursive: true, force: true });
  await build({
    entryPoints: ["viewer/tests/*.test.ts"],
    outdir: TESTS,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
  });
}

await (process.argv.includes("--tests") ? buildTests() : buildStatic());
