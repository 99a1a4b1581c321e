# Waits for the end of its standard input, then ends what is noted in the folder $1 and removes the folder.
trap '' HUP INT TERM
while read -r _; do :; done
if [ -f "$1/groups" ]; then
	while read -r group; do kill -s KILL -- "-$group"; done <"$1/groups"
	sleep 1 # until the last file is written
fi
rm -rf -- "$1"
