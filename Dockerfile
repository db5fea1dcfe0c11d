# Two images: `asterisk` and `followme`. docker-compose.yml builds and joins them; docs/docker.md says how.

# ---- Asterisk 22 from Debian's packages, with the configuration of asterisk-conf/
FROM debian:forky-slim AS asterisk
# A fixed group, so that the followme image can be given the right to read one file: the ARI password.
RUN groupadd --gid 5060 asterisk \
 && useradd --uid 5060 --gid asterisk --home-dir /var/lib/asterisk --no-create-home --shell /usr/sbin/nologin asterisk \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends asterisk asterisk-core-sounds-en-gsm \
 && rm -rf /var/lib/apt/lists/* /etc/asterisk
COPY asterisk-conf/ /etc/asterisk/
# A container logs to its standard output and leaves the rotation to Docker.
RUN sed -i -e 's/^console =>.*/console => notice,warning,error,security/' -e '/^messages =>/d' -e '/^security =>/d' \
      /etc/asterisk/logger.conf \
 && mkdir -p /etc/asterisk/secrets /run/asterisk /run/followme \
 && install -d -o 5061 -g asterisk -m 0770 /var/lib/followme \
 && chown -R asterisk:asterisk /etc/asterisk /var/lib/asterisk /var/spool/asterisk /var/log/asterisk /run/asterisk /run/followme
USER asterisk
WORKDIR /var/lib/asterisk
# At the first start the passwords are made. followme gets a copy of the ARI password, and of nothing else. The database is
# made here, empty, for both to write: Asterisk would make one that followme may not.
CMD ["sh", "-euc", "sh /etc/asterisk/generate-secrets /etc/asterisk; install -m 0440 /etc/asterisk/secrets/ari-password /run/followme/ari-password; [ -e /var/lib/followme/followme.db ] || (umask 0007; : > /var/lib/followme/followme.db); exec asterisk -f"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD asterisk -rx 'module show like res_ari.so' | grep -q Running

# ---- followme, built
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src/ src/
RUN npm run build && chmod +x dist/main.js && npm prune --ignore-scripts --omit=dev --no-audit --no-fund

# ---- followme, to run
FROM node:24-bookworm-slim AS followme
RUN groupadd --gid 5060 asterisk \
 && useradd --uid 5061 --gid asterisk --no-create-home --shell /usr/sbin/nologin followme \
 && mkdir -p /var/lib/followme /run/followme /site \
 && chown followme:asterisk /var/lib/followme \
 && chmod 0770 /var/lib/followme \
 && chown 5060:5060 /run/followme \
 && ln -s /app/dist/main.js /usr/local/bin/followme
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules/ node_modules/
COPY --from=build /app/dist/ dist/
COPY migrations/ migrations/
ENV NODE_ENV=production \
    FOLLOWME_DATABASE=/var/lib/followme/followme.db \
    FOLLOWME_MIGRATIONS=/site \
    FOLLOWME_ARI_PASSWORD_FILE=/run/followme/ari-password
USER followme
CMD ["sh", "-euc", "umask 0007; followme migrate || echo 'followme: not all migrations are applied, the rules in the database hold' >&2; exec followme serve"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${(process.env.FOLLOWME_HTTP || '8078').split(':').pop()}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
