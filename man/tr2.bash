# Completion of tr2(1) in bash, made from the options of the program; it belongs into bash-completion's folder, as tr2.
_tr2() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local options repeated word left=
    COMPREPLY=()
    # bash makes a word of an equals sign.
    if [[ $current == = ]]; then
        current=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'serve join --help --version' -- "$current")
        return
    fi
    case "${COMP_WORDS[1]} $before" in
    'serve --listen')
        mapfile -t COMPREPLY < <(compgen -W 'tcp:// tls:// unix:' -- "$current")
        compopt -o nospace 2>/dev/null
        return
        ;;
    'serve --socket-mode')
        mapfile -t COMPREPLY < <(compgen -W '600 666' -- "$current")
        return
        ;;
    'serve --registration')
        mapfile -t COMPREPLY < <(compgen -W 'open invite closed' -- "$current")
        return
        ;;
    'serve --durability')
        mapfile -t COMPREPLY < <(compgen -W 'full normal memory' -- "$current")
        return
        ;;
    'serve --list')
        mapfile -t COMPREPLY < <(compgen -W 'users names rooms bans moderators invitations acts' -- "$current")
        return
        ;;
    'serve --format')
        mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$current")
        return
        ;;
    'serve --maintenance')
        mapfile -t COMPREPLY < <(compgen -W 'on off' -- "$current")
        return
        ;;
    'serve --cluster')
        mapfile -t COMPREPLY < <(compgen -W 'nats:// tls://' -- "$current")
        compopt -o nospace 2>/dev/null
        return
        ;;
    'serve --log')
        mapfile -t COMPREPLY < <(compgen -W 'off error warn info debug' -- "$current")
        return
        ;;
    'serve --log-format')
        mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$current")
        return
        ;;
    'serve --metrics')
        mapfile -t COMPREPLY < <(compgen -W 'tcp://127.0.0.1: unix:' -- "$current")
        compopt -o nospace 2>/dev/null
        return
        ;;
    'serve --calls')
        mapfile -t COMPREPLY < <(compgen -W 'on off' -- "$current")
        return
        ;;
    'serve --sandbox')
        mapfile -t COMPREPLY < <(compgen -W 'on off' -- "$current")
        return
        ;;
    'serve --flood')
        mapfile -t COMPREPLY < <(compgen -W 'off' -- "$current")
        return
        ;;
    'join --lang')
        mapfile -t COMPREPLY < <(compgen -W 'en pt' -- "$current")
        return
        ;;
    'join --server')
        mapfile -t COMPREPLY < <(compgen -W 'tcp:// tls:// unix: ssh://' -- "$current")
        compopt -o nospace 2>/dev/null
        return
        ;;
    'join --camera')
        mapfile -t COMPREPLY < <(compgen -W 'none test' -- "$current")
        return
        ;;
    'join --sound')
        mapfile -t COMPREPLY < <(compgen -W 'auto none pulse pipewire alsa ffmpeg' -- "$current")
        return
        ;;
    'join --direct')
        mapfile -t COMPREPLY < <(compgen -W 'ask known never' -- "$current")
        return
        ;;
    'join --video')
        mapfile -t COMPREPLY < <(compgen -W 'auto true 256 16 quadrants text off' -- "$current")
        return
        ;;
    'join --to')
        mapfile -t COMPREPLY < <(compgen -W 'everyone' -- "$current")
        return
        ;;
    'serve --cert' | \
        'serve --key' | \
        'serve --backup' | \
        'serve --restore' | \
        'serve --config' | \
        'join --config' | \
        'join --identity')
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
        return
        ;;
    'serve --data' | \
        'join --people' | \
        'join --downloads')
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        compopt -o filenames 2>/dev/null
        return
        ;;
    'serve --socket-group')
        mapfile -t COMPREPLY < <(compgen -g -- "$current")
        return
        ;;
    'serve --proxy-from' | \
        'serve --edit-hours' | \
        'serve --keep-days' | \
        'serve --keep-messages' | \
        'serve --keep-backups' | \
        'serve --export' | \
        'serve --erase' | \
        'serve --free' | \
        'serve --text' | \
        'serve --moderator' | \
        'serve --node' | \
        'serve --max-connections' | \
        'serve --max-per-address' | \
        'serve --relay-rate' | \
        'serve --relay-total' | \
        'join --name' | \
        'join --fingerprint' | \
        'join --code' | \
        'join --tail' | \
        'join --wait' | \
        'join --timeout')
        return
        ;;
    esac
    case ${COMP_WORDS[1]} in
    serve)
        options='--help --listen --socket-mode --socket-group --proxy-from --cert --key --registration --data
            --durability --edit-hours --keep-days --keep-messages --backup --keep-backups --restore --list
            --format --export --erase --yes --free --rotate-passphrase --maintenance --text --trust-clock
            --new-history --alone --without-damaged --moderator --trust-names --insecure-plaintext --announce
            --cluster --node --found --config --check --reload --log --log-format --metrics --max-connections
            --max-per-address --calls --relay-rate --relay-total --sandbox --flood'
        repeated=' --listen --proxy-from --moderator --cluster '
        ;;
    join)
        options='--help --config --check --lang --name --server --fingerprint --identity --people --confined
            --downloads --camera --sound --direct --video --code --take-over --plain --commands --json --to
            --tail --wait --timeout'
        repeated=' --server '
        ;;
    *) return ;;
    esac
    for word in $options; do
        if [[ $repeated == *" $word "* || " ${COMP_WORDS[*]:2:COMP_CWORD-2} " != *" $word "* ]]; then
            left+=" $word"
        fi
    done
    mapfile -t COMPREPLY < <(compgen -W "$left" -- "$current")
}
complete -F _tr2 tr2
