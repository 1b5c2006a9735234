namespace IrohRpc.Generators.Tests.Pages;

/// <summary>One block of C# in a page of the repository.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Text">The code.</param>
internal sealed record CodeBlock(int Line, string Text)
{
    /// <summary>The blocks of a page, in order.</summary>
    /// <param name="page">The page's path from the repository's root on.</param>
    public static IReadOnlyList<CodeBlock> Of(string page)
    {
        string root = Path.Combine(Compiling.References.ProjectProperty("ProjectDirectory"), "..", "..");
        var blocks = new List<CodeBlock>();
        int start = -1;
        string[] lines = File.ReadAllLines(Path.Combine(root, page));
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "```csharp")
            {
                start = i + 1;
            }
            else if (start >= 0 && lines[i] == "```")
            {
                blocks.Add(new CodeBlock(start + 1, string.Join('\n', lines[start..i])));
                start = -1;
            }
        }

        return blocks;
    }
}
