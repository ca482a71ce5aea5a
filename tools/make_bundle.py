"""Makes one file that runs kars-xl on any computer of this kind that has the same Python: `python kars-xl.pyz merge …`.

Needs the extra `bundle`: pip install '.[bundle]'. The libraries in it are compiled for this system and this version of
Python, so a bundle for Windows is made on Windows. At its first start it unpacks itself into the user's folder .shiv.
"""

import argparse
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", default="kars-xl.pyz", metavar="FILE")
    output = str(parser.parse_args().output)
    make = [sys.executable, "-m", "shiv", "--reproducible", "--console-script", "kars-xl", "--output-file", output]
    # On Windows the launcher `py` reads this line, too.
    subprocess.run([*make, "--python", "/usr/bin/env python3", str(REPOSITORY)], check=True)
    print(f"{output}: {Path(output).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
