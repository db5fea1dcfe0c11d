// docker-compose.yml and the Dockerfile. Images are not built here; what can be checked without building them is.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from '../../src/config/config'
import { serveHealth } from '../../src/http/health'

const root = resolve(__dirname, '../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const compose = read('docker-compose.yml')
const dockerfile = read('Dockerfile')

/** The compose client of this machine: docker's plugin, or the program of its own. */
function composeClient(): string[] | undefined {
  const candidates = [['docker', 'compose'], ['docker-compose']]
  return candidates.find(([command = '', ...args]) => spawnSync(command, [...args, 'version']).status === 0)
}

const client = composeClient()

if (client === undefined) {
  test('without docker compose on this machine, the file is at least valid YAML', () => {
    // prettier reads all of it, and fails where it is not YAML.
    const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs')
    expect(() => execFileSync(process.execPath, [prettier, '--parser', 'yaml'], { input: compose })).not.toThrow()
  })
} else {
  test('docker compose accepts the file', () => {
    const [command = '', ...args] = client
    const { status, stderr } = spawnSync(command, [...args, '-f', join(root, 'docker-compose.yml'), 'config', '-q'], {
      encoding: 'utf8'
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
}

test('every image built is a target of the Dockerfile, does not run as root and has a health check', () => {
  const targets = Array.from(compose.matchAll(/target: ([\w-]+) \}/g), ([, name = '']) => name)
  expect(targets).toEqual(['asterisk', 'followme'])
  for (const target of targets) {
    const stage = dockerfile.split(/^(?=FROM )/m).find((each) => each.split('\n')[0]?.endsWith(` AS ${target}`)) ?? ''
    expect(stage).toMatch(/^USER (asterisk|followme)$/m)
    expect(stage).toMatch(/^HEALTHCHECK /m)
  }
})

test('every file that the Dockerfile copies exists and is not excluded by .dockerignore', () => {
  const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm), ([, names = '']) => names.split(' '))
    .flat()
    .map((name) => name.replace(/\/$/, ''))
  expect(copied.length).toBeGreaterThan(4)
  const admitted = Array.from(read('.dockerignore').matchAll(/^!(.*)$/gm), ([, name]) => name)
  expect(copied.filter((name) => !existsSync(join(root, name)) || !admitted.includes(name))).toEqual([])
  expect(read('.dockerignore')).toMatch(/^asterisk-conf\/secrets$/m)
})

test('mounted host directories exist, or are created at start', () => {
  const sources = Array.from(compose.matchAll(/source: (\.\S+)\n(?:.*\n){2}( *bind: .*)/g))
  expect(sources.map(([, name]) => name)).toEqual(['./site'])
  for (const [, name = '', bind = ''] of sources) {
    expect(existsSync(join(root, name)) || bind.includes('create_host_path: true')).toBe(true)
  }
})

test('every volume used is declared', () => {
  const [services = '', declared = ''] = compose.split(/^volumes:$/m)
  const used = Array.from(services.matchAll(/^ {6}- ([\w-]+):\//gm), ([, name]) => name)
  const names = Array.from(declared.matchAll(/^ {2}([\w-]+):$/gm), ([, name]) => name)
  expect([...new Set(used)].sort()).toEqual([...names].sort())
})

test('ARI stays on the loopback address: no port is published, and Asterisk binds to it', () => {
  expect(compose).not.toMatch(/^ *(ports|expose):/m)
  expect(read('asterisk-conf/http.conf')).toMatch(/^bindaddr = 127\.0\.0\.1$/m)
})

test('followme reads the password file that the Asterisk container writes', () => {
  expect(read('asterisk-conf/generate-secrets')).toMatch(/\| write ari-password$/m)
  expect(dockerfile).toContain('/etc/asterisk/secrets/ari-password /run/followme/ari-password')
  expect(dockerfile).toContain('FOLLOWME_ARI_PASSWORD_FILE=/run/followme/ari-password')
  expect(compose).toContain('- ari-password:/run/followme:ro')
})

test('Asterisk reads the database at the path where followme keeps it, and both may write it', () => {
  expect(compose.match(/^ {6}- database:\/var\/lib\/followme$/gm)).toHaveLength(2)
  const file = /^dbfile = (.*)$/m.exec(read('asterisk-conf/res_config_sqlite3.conf'))?.[1]
  expect(dockerfile).toContain(`FOLLOWME_DATABASE=${file}`)
  expect(dockerfile).toContain(`[ -e ${file} ] || (umask 0007; : > ${file}); exec asterisk`)
  expect(dockerfile).toMatch(/umask 0007; followme migrate \|\| echo '[^']*' >&2; exec followme serve/)
})

test('the stop grace period of docker is longer than the drain time of ringing calls', () => {
  const grace = Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1])
  expect(grace * 1000).toBeGreaterThan(readConfig({ FOLLOWME_ARI_PASSWORD: 'x' }).drainMs)
})

test('the health check uses the address on which followme listens', async () => {
  const script = /^ {2}CMD \["node", "-e", "(.*)"\]$/m.exec(dockerfile)?.[1] ?? ''
  const server = await serveHealth({ host: '127.0.0.1', port: 0 }, () => ({ ready: true, reasons: [], calls: 0 }))
  const ask = async (address: string): Promise<number | null> => {
    const child = spawn(process.execPath, ['-e', script], { env: { FOLLOWME_HTTP: address }, stdio: 'ignore' })
    return new Promise((done) => child.once('exit', done))
  }
  try {
    expect(await ask(`127.0.0.1:${server.port}`)).toBe(0)
    expect(await ask(String(server.port))).toBe(0)
  } finally {
    await server.close()
  }
  expect(await ask(`127.0.0.1:${server.port}`)).toBe(1)
})
