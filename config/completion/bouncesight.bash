# Completion of bouncesight for bash.
_bouncesight() {
  local cur prev words cword split
  _init_completion -s -n : || return

  local commands="serve report events trace explain check causes" command="" word
  for word in "${words[@]:1:cword-1}"; do
    [[ " $commands " == *" $word "* ]] && { command=$word; break; }
  done

  local formats="auto postfix exim coremail sendmail opensmtpd qmail kumomta zonemta haraka"
  case $command$prev in
    *--config.file | *--web.config.file | *--rules | *--hash-key) _filedir; return ;;
    *--state.path) _filedir -d; return ;;
    *--log-format) COMPREPLY=($(compgen -W "$formats" -- "$cur")); return ;;
    *--log.level) COMPREPLY=($(compgen -W "debug info warn error" -- "$cur")); return ;;
    *--log.format) COMPREPLY=($(compgen -W "logfmt json" -- "$cur")); return ;;
    report--format) COMPREPLY=($(compgen -W "text json csv html openmetrics" -- "$cur")); return ;;
    events--format) COMPREPLY=($(compgen -W "jsonl ecs csv" -- "$cur")); return ;;
    trace--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
    events--outcome) COMPREPLY=($(compgen -W "delivered deferred bounced expired rejected suspended" -- "$cur")); return ;;
    events--addresses) COMPREPLY=($(compgen -W "full hidden hashed" -- "$cur")); return ;;
    explain--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
    *--lang) COMPREPLY=($(compgen -W "en zh" -- "$cur")); return ;;
    report--by) COMPREPLY=($(compgen -W "cause domain provider code blocklist sender account waiting retry quarter hour day month" -- "$cur")); return ;;
    *--compare-with) COMPREPLY=($(compgen -W "before yesterday 1d 7d" -- "$cur")); return ;;
    *--cause) COMPREPLY=($(compgen -W "$(bouncesight causes 2>/dev/null | sed -n 's/^  \([a-z_]*\) .*/\1/p')" -- "$cur")); return ;;
    *--domain | *--provider | *--mail-from | *--mail-to | *--mail-subject) return ;;
    *--since | *--until | *--history) COMPREPLY=($(compgen -W "today yesterday 1h 1d 7d" -- "$cur")); return ;;
    *--top | *--jobs | *--web.listen-address | *--web.telemetry-path) return ;;
  esac

  local options="--help"
  case $command in
    "") COMPREPLY=($(compgen -W "$commands --help --version" -- "$cur")); return ;;
    serve) options+=" --config.file= --rules= --config.check --web.listen-address= --web.telemetry-path= --web.config.file=
                      --web.enable-lifecycle --web.systemd-socket --state.path= --log.level= --log.format=" ;;
    report) options+=" --format= --history --log-format= --internal-relays= --since= --until= --top= --jobs= --draft-rules --config.file= --rules=
                       --lang= --by= --domain= --provider= --cause= --sender= --compare-with= --timestamps --mail --mail-from= --mail-to=
                       --mail-subject=" ;;
    events) options+=" --format= --history --log-format= --internal-relays= --since= --until= --domain= --provider= --cause= --sender= --outcome= --skipped --addresses= --hash-key= --config.file= --rules=" ;;
    trace) options+=" --format= --log-format= --top= --config.file= --rules=" ;;
    explain) options+=" --format= --lang= --lines --config.file= --rules=" ;;
    check) options+=" --config.file= --strict" ;;
    causes) options+=" --lang= --config.file= --rules=" ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    [[ ${COMPREPLY-} == *= ]] && compopt -o nospace
  elif [[ $command == causes ]]; then
    COMPREPLY=($(compgen -W "$(bouncesight causes 2>/dev/null | sed -n 's/^  \([a-z_]*\) .*/\1/p')" -- "$cur"))
  elif [[ $command != serve ]]; then
    _filedir
  fi
} && complete -F _bouncesight bouncesight
