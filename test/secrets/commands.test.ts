/** Secrets on command lines: under options of one letter, behind users, and on the input of a command. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, PLAIN, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

describe('an option', () => {
  areTakenOut([
    ['redis-cli -a', `redis-cli -h db -a ${PLAIN} ping`, PLAIN],
    ['valkey-cli -a', `valkey-cli -a '${PLAIN} x' ping`, `${PLAIN} x`],
    ['docker login -p', `docker login -u bob -p ${PLAIN} ghcr.io`, PLAIN],
    ['podman login -p', `podman --log-level debug login registry.lan -p ${PLAIN}`, PLAIN],
    ['mysql -p next to it', `mysql -u root -p${PLAIN} db`, PLAIN],
    ['mariadb-dump -p', `mariadb-dump -uroot -p'${PLAIN} x' all`, `${PLAIN} x`],
    ['mysqldump -p behind a quote', `mysqldump -p"ab\\"${PLAIN}" all`, PLAIN],
    ['mongodump -p', `mongodump -u admin -p ${PLAIN} --out /x`, PLAIN],
    ['sshpass -p in one', `sshpass -p${PLAIN} ssh a@b`, PLAIN],
    ['sshpass -p with =', `sshpass -p=${PLAIN} ssh a@b`, PLAIN],
    ['sshpass with a bar in quotes', `sshpass -p 'ab|${PLAIN}' ssh a@b`, PLAIN],
    ['7z -p', `7z a -p${PLAIN} /mnt/x.7z /mnt/y`, PLAIN],
    ['rar -hp', `rar a -hp${PLAIN} x.rar y`, PLAIN],
    ['zip -P', `zip -r -P ${PLAIN} x.zip y`, PLAIN],
    ['ipmitool -P', `ipmitool -H bmc -U ADMIN -P ${PLAIN} power on`, PLAIN],
    ['ipmitool user set password', `ipmitool user set password 2 ${PLAIN}`, PLAIN],
    ['racadm -p', `racadm -r bmc -u root -p ${PLAIN} getsysinfo`, PLAIN],
    ['ssh-keygen -N', `ssh-keygen -t ed25519 -N ${PLAIN} -f x`, PLAIN],
    ['mosquitto_pub -P', `mosquitto_pub -u nas -P ${PLAIN} -t x -m y`, PLAIN],
    ['sqlcmd -P', `sqlcmd -S db -U sa -P ${PLAIN} -Q x`, PLAIN],
    ['ldappasswd -s', `ldappasswd -D cn=a -s ${PLAIN} cn=b`, PLAIN],
    ['openssl -k', `openssl enc -aes-256-cbc -k ${PLAIN} -in x`, PLAIN],
    ['openssl -passin', `openssl rsa -in x -passin pass:${PLAIN}`, PLAIN],
    ['openssl -pass', `openssl enc -pass pass:${PLAIN}`, PLAIN],
    ['xfreerdp /p', `xfreerdp /u:bob /p:${PLAIN} /v:host`, PLAIN],
    ['wpa_passphrase', `wpa_passphrase MyNet ${PLAIN}`, PLAIN],
    ['nmcli', `nmcli dev wifi connect MyNet password ${PLAIN}`, PLAIN],
    ['nmcli, a property', `nmcli con mod x wifi-sec.psk ${PLAIN}`, PLAIN],
    ['htpasswd -b', `htpasswd -b /etc/users bob ${PLAIN}`, PLAIN],
    ['htpasswd -nb', `htpasswd -nbB bob ${PLAIN}`, PLAIN],
    ['rabbitmqctl', `rabbitmqctl add_user bob ${PLAIN}`, PLAIN],
    ['sedutil-cli', `sedutil-cli --initialSetup ${PLAIN} /dev/nvme0`, PLAIN],
    ['sedutil-cli, a new one', `sedutil-cli --setSIDPassword old ${PLAIN} /dev/sda`, PLAIN],
    ['sedutil-cli, a range', `sedutil-cli --setLockingRange 0 RW ${PLAIN} /dev/sda`, PLAIN],
    ['hdparm', `hdparm --user-master u --security-unlock ${PLAIN} /dev/sda`, PLAIN],
    ['rclone obscure', `rclone obscure ${PLAIN}`, PLAIN],
    ['mc alias set', `mc alias set nas https://nas:9000 admin ${PLAIN}`, PLAIN],
    ['aws configure set', `aws configure set aws_secret_access_key ${PLAIN} --profile x`, PLAIN],
    ['npm config set', `npm config set //registry/:_authToken ${PLAIN}`, PLAIN],
    ['vault login', `vault login ${PLAIN}`, PLAIN],
    ['sqlplus', `sqlplus system/${PLAIN}@db`, PLAIN],
    ['a line of a Dockerfile', `FROM x\nENV DB_PASSWORD ${PLAIN}\n`, PLAIN],
    ['set of fish', `set -x API_TOKEN ${PLAIN}`, PLAIN],
    ['rclone config', `rclone config create x s3 secret_access_key ${PLAIN}`, PLAIN],
    ['smbclient', `smbclient //nas/x ${PLAIN} -U bob`, PLAIN],
    ['iscsiadm', `iscsiadm -m node -o update -n node.session.auth.password -v ${PLAIN}`, PLAIN],
    ['a user of a mount', `mount -t cifs -o user=bob%${PLAIN} //a/b /c`, PLAIN],
    ['http -a', `http -a bob:${PLAIN} https://x`, PLAIN],
    ['-u with a colon', `tool -u bob:${PLAIN} x`, PLAIN],
    ['-u with a comma', `lftp -u bob,${PLAIN} sftp://x`, PLAIN],
    ['-u with a comma in quotes', `lftp -u "bob,${PLAIN} x" sftp://x`, `${PLAIN} x`],
    ['-u with a domain', `tool -u 'DOM\\bob:${PLAIN}' x`, PLAIN],
    ['-u next to it', `curl -ubob:${PLAIN} https://x`, PLAIN],
    ['--user with =', `curl --user=bob:${PLAIN} https://x`, PLAIN],
    ['--proxy-user', `curl --proxy-user bob:${PLAIN} https://x`, PLAIN],
    ['-U with a percent sign', `net rpc user -U DOM/bob%${PLAIN}`, PLAIN],
    ['-u and -p', `mytool -u bob -p ${PLAIN} --list`, PLAIN],
    ['-p and -u', `mytool -p ${PLAIN} -u bob --list`, PLAIN],
    ['-u and -p next to it', `mytool -ubob -p${PLAIN}`, PLAIN],
    ['--username and -p', `mytool --username bob -p ${PLAIN}`, PLAIN],
    ['an option inside JSON', `{"cmd": "redis-cli -a ${PLAIN}", "n": 1}`, PLAIN],
    ['an option inside quotes in JSON', `{"cmd": "mysql -p\\"${PLAIN}\\" x"}`, PLAIN],
    ['an option behind another command', `cd /x && sudo docker login -u a -p ${PLAIN}; ls`, PLAIN],
  ]);

  stayAsTheyAre([
    ['mkdir -p', 'sudo -u bob mkdir -p /mnt/tank/x && cp -p a b'],
    [
      'ports',
      'docker run -u root -p 8080:80 -p 127.0.0.1:53:53/udp x; ssh -l root -p 2222 nas; psql -U bob -p 5432',
    ],
    [
      'user and group',
      'docker run --user 1000:1000 x; docker exec -u root:root y z; chown -R a:b /x; tool -u bob:bob',
    ],
    [
      'prompts',
      'mysql -u root -p db; redis-cli -h db ping; ldapsearch -x -W; openssl enc -pass stdin; zip -r x y',
    ],
    [
      'files',
      'openssl rsa -passin file:/root/pw -in x; restic -p /root/pw backup; sshpass -f /root/pw ssh a@b',
    ],
    ['tar and rsync', 'tar -cpf x.tar -p y; rsync -a -u src/ dst/; tar -a -cf x.tar.gz y; cp -a x y; ls -a'],
    [
      'options of disks',
      'hdparm -I /dev/sda; sedutil-cli --query /dev/sda; sedutil-cli --scan; smartctl -a /dev/sda',
    ],
    ['configuration', 'git config user.name bob; aws configure list; npm config get registry'],
  ]);

  test.each([
    [`mysqldump -u root -p${PLAIN} all`, `mysqldump -u root -p${REDACTED} all`],
    [`{"cmd": "redis-cli -a ${PLAIN}", "n": 1}`, `{"cmd": "redis-cli -a ${REDACTED}", "n": 1}`],
    [`curl -u "bob:${PLAIN}" https://x`, `curl -u "bob:${REDACTED}" https://x`],
    [`lftp -u bob,${PLAIN} sftp://x`, `lftp -u bob,${REDACTED} sftp://x`],
    [`mkdir -p /x; sshpass -p ${PLAIN} ssh a@b`, `mkdir -p /x; sshpass -p ${REDACTED} ssh a@b`],
  ])('is all that goes: %s', (text, clean) => {
    expect(redactor.text(text)).toBe(clean);
  });

  test.each<[name: string, list: readonly string[], at: number]>([
    ['redis-cli -a', ['redis-cli', '-a', PLAIN, 'ping'], 2],
    ['mysql -p', ['mysqldump', '-u', 'root', `-p${PLAIN}`], 3],
    ['curl -u', ['curl', '-u', `bob:${PLAIN} and more`, 'https://x'], 2],
    ['-u and -p', ['tool', '-u', 'bob', '-p', `${PLAIN};x|y`], 4],
    ['sudo', ['sudo', '/usr/bin/sshpass', '-p', PLAIN, 'ssh', 'a@b'], 3],
  ])('of %s in a list of arguments goes, and nothing else', (_name, list, at) => {
    const clean = redactor.value({ command: list }).command;
    expect(clean[at]).toContain(REDACTED);
    expect(clean.join(' ')).not.toContain(PLAIN);
    expect(clean.filter((_word, index) => index !== at)).toEqual(list.filter((_word, index) => index !== at));
  });

  test('no list without one changes', () => {
    const list = ['docker', 'run', '-u', 'root', '-p', '80:80', '-v', '/a b:/c', 'x'];
    expect(redactor.value(list)).toBe(list);
  });
});

describe('what a command is fed with', () => {
  areTakenOut([
    ['cryptsetup', `echo ${PLAIN} | cryptsetup luksOpen /dev/sda x`, PLAIN],
    [
      'cryptsetup with a key file',
      `echo -n "${PLAIN} x" | sudo cryptsetup open --key-file=- /dev/sda x`,
      `${PLAIN} x`,
    ],
    ['zfs load-key', `echo '${PLAIN}' | zfs load-key tank/a`, PLAIN],
    ['zfs load-key by printf', `printf '%s' ${PLAIN} | zfs load-key -r tank`, PLAIN],
    ['zfs load-key by printf with a format', `printf "%s\\n" "${PLAIN}" | zfs load-key tank`, PLAIN],
    ['zfs change-key', `printf '${PLAIN}\\n${PLAIN}\\n' | zfs change-key tank/a`, PLAIN],
    ['zfs create', `echo ${PLAIN} | zfs create -o encryption=on -o keylocation=prompt tank/x`, PLAIN],
    ['sudo -S', `echo ${PLAIN} | sudo -S reboot`, PLAIN],
    ['sudo -S behind another option', `echo "${PLAIN}" | sudo -k -S -p '' ls`, PLAIN],
    ['sudo -kS', `echo "${PLAIN}"|sudo -kS ls`, PLAIN],
    ['su', `echo ${PLAIN} | su -c ls`, PLAIN],
    ['passwd', `echo -e "${PLAIN}\\n${PLAIN}" | passwd bob`, PLAIN],
    ['passwd --stdin', `echo ${PLAIN} | passwd --stdin bob`, PLAIN],
    ['smbpasswd', `(echo ${PLAIN}; echo ${PLAIN}) | smbpasswd -s -a bob`, PLAIN],
    ['chpasswd', `echo 'bob:${PLAIN}' | sudo chpasswd`, PLAIN],
    ['docker login', `echo ${PLAIN} | docker login -u bob --password-stdin`, PLAIN],
    ['gpg', `echo ${PLAIN} | gpg --batch --passphrase-fd 0 -d x`, PLAIN],
    ['openssl', `echo ${PLAIN} | openssl enc -pass stdin`, PLAIN],
    ['kinit', `echo ${PLAIN} | kinit bob@REALM`, PLAIN],
    ['gh', `echo ${PLAIN} | gh auth login --with-token`, PLAIN],
    ['a command by its path', `echo ${PLAIN} | /usr/sbin/cryptsetup open /dev/sda x`, PLAIN],
    ['a command behind another', `echo ${PLAIN} | tr -d x | cryptsetup open /dev/sda y`, PLAIN],
    ['a text with a bar', `echo 'ab|${PLAIN}' | sudo -S ls`, PLAIN],
    ['a here-string', `cryptsetup open /dev/sda x <<< ${PLAIN}`, PLAIN],
    ['a here-string in quotes', `zfs load-key tank <<<"${PLAIN} x"`, `${PLAIN} x`],
    ['a here-string of sudo', `sudo -S ls <<< '${PLAIN}'`, PLAIN],
    ['a here-document', `sudo -S ls <<EOF\n${PLAIN}\nEOF`, PLAIN],
    ['a here-document in quotes', `cryptsetup open x y <<'END'\n${PLAIN}\nEND`, PLAIN],
    ['zfs mount', `printf ${PLAIN} | zfs mount -l tank`, PLAIN],
    ['sshfs', `sshfs -o password_stdin a@b: /x <<< ${PLAIN}`, PLAIN],
    ['a here-string of another command', `cat <<< ${PLAIN} | zfs load-key tank`, PLAIN],
    ['a here-document with escaped line breaks', `zfs load-key tank <<EOF\\n${PLAIN}\\nEOF`, PLAIN],
    ['a file for it', `echo ${PLAIN} > /tmp/k && zfs load-key -L file:///tmp/k tank`, PLAIN],
    ['a substitution', `cryptsetup open --key-file <(echo -n ${PLAIN}) /dev/sda x`, PLAIN],
    ['a command in JSON', `{"command": "echo ${PLAIN} | zfs load-key tank", "enabled": true}`, PLAIN],
  ]);

  stayAsTheyAre([
    ['what is shown', 'echo hello | tee /x; echo "a b" | grep -v passwd | wc -l'],
    ['a variable', `echo "$PASS" | sudo -S ls; echo \${KEY} | zfs load-key tank`],
    ['a command without a pipe', 'echo done || sudo -S ls; sudo zfs load-key -a; cryptsetup status x'],
    ['a here-document of others', 'cat <<EOF > /x\nhello\nEOF'],
    ['a file', 'zfs load-key -L file:///root/key tank < /root/key'],
  ]);

  test.each([
    [`echo -n ${PLAIN} | zfs load-key tank`, `echo -n ${REDACTED} | zfs load-key tank`],
    [`printf '%s' "${PLAIN}" | zfs load-key tank`, `printf '%s' ${REDACTED} | zfs load-key tank`],
    [`echo bob:${PLAIN} | chpasswd`, `echo bob:${REDACTED} | chpasswd`],
    [`sudo -S ls <<EOF\n${PLAIN}\nEOF\nls`, `sudo -S ls <<EOF\n${REDACTED}\nEOF\nls`],
  ])('is all that goes: %s', (text, clean) => {
    expect(redactor.text(text)).toBe(clean);
  });
});
