namespace IrohRpc.Fuzzing;

/// <summary>The inputs that are kept for a target: one in hexadecimal for each line of a text file, so that changes can be read.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Load(FuzzTarget target)
    {
        string path = PathOf(AppContext.BaseDirectory, target);
        IEnumerable<byte[]> kept = File.Exists(path) ? File.ReadLines(path).Where(static line => line.Length > 0).Select(Convert.FromHexString) : [];
        return [.. target.Seeds().Concat(kept)];
    }

    public static void Save(string folder, FuzzTarget target, IEnumerable<byte[]> inputs)
    {
        Directory.CreateDirectory(Path.Combine(folder, "Corpus"));
        File.WriteAllLines(PathOf(folder, target), inputs.Select(Convert.ToHexStringLower).Order(StringComparer.Ordinal).Distinct());
    }

    private static string PathOf(string folder, FuzzTarget target) => Path.Combine(folder, "Corpus", target.Name + ".txt");
}
