using System.Diagnostics.CodeAnalysis;
using System.Text;
using IrohRpc;
using IrohRpc.Blobs;
using Spectre.Console;

namespace Drop;

/// <summary>Which blob becomes which file. Everything that speaks against it is said before anything large is downloaded.</summary>
internal sealed class ReceivePlan
{
    /// <summary>How the names of the folders begin in which downloads are kept until they are whole.</summary>
    public const string StorePrefix = ".drop-";

    private readonly string _folder;

    private ReceivePlan(string folder, IReadOnlyList<ReceivedFile> files)
    {
        _folder = folder;
        Files = files;
    }

    public IReadOnlyList<ReceivedFile> Files { get; }

    /// <exception cref="IOException">A name is not safe, stands twice, is in the way of another, or is taken and may not be replaced.</exception>
    public static ReceivePlan Create(string folder, IEnumerable<BlobCollectionEntry> entries, bool overwrite)
    {
        var files = new List<ReceivedFile>();
        var names = new HashSet<string>();
        var folders = new HashSet<string>();
        foreach (BlobCollectionEntry entry in entries)
        {
            string path = Resolve(folder, entry.Name);
            string name = Folded(entry.Name);
            if (!names.Add(name))
            {
                throw new IOException($"The sender named two files \"{entry.Name}\", on some systems at least; neither is written.");
            }

            for (int slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
            {
                folders.Add(name[..slash]);
            }

            files.Add(new ReceivedFile(entry.Hash, entry.Name, path, Replaces: Path.Exists(path)));
        }

        if (files.FirstOrDefault(file => folders.Contains(Folded(file.Name))) is { } both)
        {
            throw new IOException($"The sender named both a file and a folder \"{both.Name}\"; neither is written.");
        }

        foreach (ReceivedFile file in files.Where(static file => file.Replaces))
        {
            if (!overwrite && !MayReplace(file.Path))
            {
                throw new IOException($"{file.Path} is there already; --overwrite replaces it.");
            }
        }

        return new ReceivePlan(folder, files);
    }

    /// <summary>Says where a file goes, now that it is there: what lies below the folder may have changed while it was downloaded.</summary>
    /// <exception cref="IOException">The name is not safe any more.</exception>
    public string Resolve(ReceivedFile file) => Resolve(_folder, file.Name);

    private static string Resolve(string folder, string name)
    {
        if (name.StartsWith(StorePrefix, StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException($"The sender named a file \"{name}\", which is not written: downloads are kept under such names.");
        }

        return SafePath.TryResolve(folder, name, out string? path, out string? problem)
            ? path
            : throw new IOException($"The sender named a file \"{name}\", which is not written: {problem}.");
    }

    // Some systems take names for the same that differ in case, or in how their accents are composed.
    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "Only compared with its like.")]
    private static string Folded(string name) => name.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();

    private static bool MayReplace(string path)
        => !Console.IsInputRedirected && !Console.IsErrorRedirected && File.Exists(path)
            && AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
                .Confirm($"{Markup.Escape(PeerText.Escape(path))} is there already. Replace it?", defaultValue: false);
}
