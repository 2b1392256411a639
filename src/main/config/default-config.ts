/*
 * The app.yaml written on first start. A module and not a file beside the program, so that the sources under
 * Node and the bundled program carry the same text. Every key stands here with its default, commented out by
 * `#` without a space: taking that away changes nothing, which a test holds against the schema.
 */
export const DEFAULT_CONFIG = `# PSWebHost Cluster: configuration of this node. Read at start; restart the node after an edit.
#
# A line that begins with # and no space is a key with its default: take the # away to change it.
# Relative paths are relative to the folder of this file's node (--data).
# \${NAME} in any text is replaced by that environment variable; write $\${ for the characters \${.

# Where tasks, history and changes are kept.
database:
  # SQLite (a file of this node), PostgreSQL, MySQL (MariaDB too) or SqlServer (for several nodes).
  #type: SQLite
  connection:
    # SQLite: the file.
    #path: pswebhost.db
    # The others: host name, port (empty: the usual one), database, account.
    #server:
    #port:
    #database:
    #username:
    # Write it in plain text once: the next start replaces it by encrypted:… (only this node can open it).
    #password:
    # Encrypted: true, false or no-verify (encrypted, but the server's certificate is not checked).
    # Empty: true, unless the server is on this machine (a loopback address or the path of a socket).
    #ssl:
    # PEM files, where a server needs them: who signed its certificate; this node's own certificate and its key.
    tls:
      #ca:
      #cert:
      #key:
    # SQL Server: sign in with a Windows account; username is DOMAIN\\user then.
    #integratedSecurity: false
  options:
    # Seconds until a query is given up.
    #timeout: 30
    # Connections of this node to a database server.
    #poolSize: 3
    # Who changed what, field by field, with undo. false: no change log, no sync, no undo.
    #enableChangeTracking: true
    # gzip level of the images in the change log, 1 (fast) to 9 (small).
    #compressionLevel: 6

# This node in the cluster.
node:
  # auto: a new id on first start, kept in node.json.
  #nodeId: auto
  # Empty: the host name of this machine.
  #nodeName:
  # Tasks may be assigned to a group or a role instead of one node.
  #nodeGroup:
  #nodeRole:
  #tags: []
  # Scripts at once. 0: an admin desk, which edits and watches and never runs anything.
  #maxConcurrentTasks: 10

# The API and the console in the browser.
api:
  # Beyond this machine (0.0.0.0, a name, an address) the node answers over HTTPS, see tls below.
  #host: 127.0.0.1
  # 0: any free port.
  #port: 7780
  tls:
    # HTTPS: true or false. Empty: true where cert is given and beyond this machine, unless started with --insecure.
    #enabled:
    # PEM files: your own certificate (with the intermediate ones after it) and its key. Both empty: the node makes
    # tls.crt and tls.key in this folder at its first start; other nodes know it by its fingerprint.
    #cert:
    #key:

# How scripts run.
execution:
  # Only scripts inside these folders run (after links are resolved).
  #scriptRoots: [scripts]
  # Programs other than the ones found on the PATH.
  interpreters:
    #powershell:
    #bash:
    #node:
    #python:
    #cmd:
  # How long a stop of the node waits for running scripts, in seconds.
  #shutdownGraceSeconds: 20
  # Of each run; what is beyond is cut and said so. 10485760 is 10 MB, 64 MB the most.
  #maxOutputBytes: 10485760
  # What keeps scripts apart from the rest of this machine (Linux; the node does not start where it is not to be had):
  # none: they run as the account of the node; user: as sandboxUser (the node must run as root); bubblewrap: they
  # see everything read-only, nothing of this folder but the scripts, and a /tmp of their own.
  #sandbox: none
  #sandboxUser:
  # For tasks that set none of their own. Empty: no limit.
  limits:
    #maxConcurrent:
    #memoryMb:
    #cpuSeconds:
    #processes:
    #outputBytes:

# Several nodes on one database.
cluster:
  # A node that was silent for leaseSeconds is taken for gone and its runs are Lost.
  #heartbeatSeconds: 10
  #leaseSeconds: 30
  # How often the node looks for work that others queued, in seconds, 1 to 5.
  #pollSeconds: 2
  # Zone of schedules that name none. Empty: the zone of this machine.
  #timeZone:

# The replica: this node's copy of a server database (not used with SQLite).
tableSync:
  #enabled: true
  # Seconds.
  #interval: 60
  #tables: [Tasks, Task_Schedule, Nodes]

sync:
  # When two edits changed the same field, one of them offline: newer wins, or manual (a person decides). Only tasks
  # are edited offline so far.
  conflicts:
    #Tasks: newer
    #Task_Schedule: newer
    #Nodes: newer
    #Task_Lock: newer

# Days until old rows are deleted, 1 to 36500 (a hundred years).
retention:
  #historyDays: 90
  #changeDays: 365
  # Of the copy on a node.
  #replicaChangeDays: 30
`
