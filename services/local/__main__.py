"""`python -m services.local demo|run`: the four processes on this machine."""

if __name__ == "__main__":
    # Imported here, because each helper process of honcho imports this module anew.
    import os

    from services.local.command import main

    main(os.environ)
