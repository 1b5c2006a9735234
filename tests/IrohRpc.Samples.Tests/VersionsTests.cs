using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

public sealed class VersionsTests
{
    private const string Command = "$ dotnet run --project samples/Versions\n";

    [Fact]
    public async Task All_four_pairs_of_builds_talk_as_the_readme_says()
    {
        string repository = typeof(VersionsTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(one => one.Key == "Repository").Value!;
        string readme = (await File.ReadAllTextAsync(
            Path.Combine(repository, "samples", "Versions", "README.md"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        int start = readme.IndexOf(Command, StringComparison.Ordinal) + Command.Length;
        string transcript = readme[start..readme.IndexOf("\n```", start, StringComparison.Ordinal)];

        string printed = await ChildProcess.RunAsync(SampleProgram.Versions);

        Assert.Contains("agreed on library/2", transcript, StringComparison.Ordinal);
        Assert.Equal(transcript, printed);
    }
}
