using IrohRpc.Blobs;
using Spectre.Console;

namespace Drop;

/// <summary>Which blob becomes which file. Everything that speaks against it is said before anything large is downloaded.</summary>
internal sealed class ReceivePlan
{
    private ReceivePlan(IReadOnlyList<(BlobHash Hash, string Path)> files) => Files = files;

    public IReadOnlyList<(BlobHash Hash, string Path)> Files { get; }

    /// <exception cref="IOException">A name is not safe, stands twice, or is taken and may not be replaced.</exception>
    public static ReceivePlan Create(string folder, IEnumerable<BlobCollectionEntry> entries, bool overwrite)
    {
        var files = new List<(BlobHash, string)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (BlobCollectionEntry entry in entries)
        {
            if (!SafePath.TryResolve(folder, entry.Name, out string? path, out string? problem))
            {
                throw new IOException($"The sender named a file \"{Text.Printable(entry.Name)}\", which is not written: {problem}.");
            }

            if (!seen.Add(path))
            {
                throw new IOException($"The sender named two files \"{Text.Printable(entry.Name)}\", on some systems at least; neither is written.");
            }

            if (Path.Exists(path) && !overwrite && !MayReplace(path))
            {
                throw new IOException($"{path} is there already; --overwrite replaces it.");
            }

            files.Add((entry.Hash, path));
        }

        return new ReceivePlan(files);
    }

    private static bool MayReplace(string path)
        => !Console.IsInputRedirected && !Console.IsErrorRedirected && File.Exists(path)
            && AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
                .Confirm($"{Markup.Escape(path)} is there already. Replace it?", defaultValue: false);
}
