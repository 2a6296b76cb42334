import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

export default defineConfig(({ mode }) => {
  const { SANDBOX_URL = "http://127.0.0.1:3000" } = loadEnv(mode, ".", "SANDBOX_");
  return {
    plugins: [react()],
    build: {
      sourcemap: false,
      // The bundle carries others' work: their licences go with it.
      license: { fileName: "licences.md" },
      // One script and one style sheet: the committed build stays easy to review.
      chunkSizeWarningLimit: 1700,
      rollupOptions: {
        output: {
          entryFileNames: "assets/page.js",
          assetFileNames: "assets/page[extname]",
        },
      },
    },
    // `npm run dev` draws from a running sandbox.
    server: {
      proxy: {
        "/page": { target: SANDBOX_URL, ws: true },
        "/files": SANDBOX_URL,
      },
    },
  };
});
