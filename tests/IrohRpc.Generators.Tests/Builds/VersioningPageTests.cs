using System.Text.RegularExpressions;
using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Generators.Tests.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Tests.Builds;

/// <summary>
/// The code of docs/versioning.md compiles. The blocks of one section are one project: declarations stand for themselves, and the statements of a block
/// are the body of a method that is given an endpoint and a ticket.
/// </summary>
public partial class VersioningPageTests
{
    public static TheoryData<string> Sections => [.. Page().Select(section => section.Title)];

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task Code_of_a_section_compiles_without_a_warning(string title)
        // Some methods of the page have nothing to await, and IROHRPC050 is a hint.
        => await ContractProject.Contract(SourceOf(title)).AssertCleanAsync("CS1998");

    [Fact]
    public void What_the_page_ships_is_never_broken_by_what_follows()
    {
        string first = ShippedProject.Record(SourceOf("Ship version 1"));
        Assert.Contains(first[first.IndexOf("alpn", StringComparison.Ordinal)..], Text(), StringComparison.Ordinal);
        string second = ShippedProject.Record(SourceOf("Add to it"), first);
        string third = ShippedProject.Record(SourceOf("Break it on purpose"), second);
        Assert.StartsWith(second, third, StringComparison.Ordinal);
    }

    private static string SourceOf(string title)
    {
        var declarations = new List<string>();
        var methods = new List<string>();
        foreach (string block in Page().Single(section => section.Title == title).Blocks)
        {
            var unit = (CompilationUnitSyntax)ContractProject.Parse(block, "block.cs").GetRoot(TestContext.Current.CancellationToken);
            declarations.AddRange(unit.Members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()));
            string statements = string.Concat(unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.ToFullString()));
            if (statements.Length > 0)
            {
                methods.Add($"public static async Task RunAsync{methods.Count}(PeerEndpoint endpoint, EndpointTicket ticket)\n{{\n{statements}}}");
            }
        }

        return $"namespace Demo;\n{string.Concat(declarations)}\npublic static class Program\n{{\n{string.Join('\n', methods)}\n}}";
    }

    [Fact]
    public void Page_has_code_for_every_step()
        => Assert.True(Page().Count() >= 6);

    private static string Text()
        => File.ReadAllText(Path.Combine(References.ProjectProperty("ProjectDirectory"), "..", "..", "docs", "versioning.md")).ReplaceLineEndings("\n");

    private static IEnumerable<(string Title, string[] Blocks)> Page()
    {
        foreach (string section in Text().Split("\n## ").Skip(1))
        {
            string[] blocks = [.. Block().Matches(section).Select(match => match.Groups[1].Value)];
            if (blocks.Length > 0)
            {
                yield return (section[..section.IndexOf('\n', StringComparison.Ordinal)], blocks);
            }
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
