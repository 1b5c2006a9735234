using System.Collections;
using System.Reflection;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Tests;

/// <summary>An edit costs what it touches: a user types, and only the contracts that changed are generated again.</summary>
public class IncrementalityTests
{
    private static readonly string[] Sources =
    [
        ContractProject.Usings + "namespace Demo; [Alpn(\"one/1\")] public partial interface IOne { Task<Point> FAsync(Point at, CancellationToken t); }",
        ContractProject.Usings + "namespace Demo; [Alpn(\"two/1\")] public partial interface ITwo { Task<string> GAsync(int a, CancellationToken t); }",
        ContractProject.Usings + "namespace Demo; [MemoryPackable] public partial record Point(int X, int Y);",
        ContractProject.Usings + "namespace Demo; public static class Unrelated { public static int Answer => 42; }",
    ];

    [Fact]
    public void An_unrelated_edit_generates_nothing_again()
    {
        Dictionary<string, IncrementalStepRunReason> reasons = Edit(3, "42", "43 + 1");
        Assert.Equal(2, reasons.Count);
        Assert.All(reasons.Values, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_edit_above_a_contract_generates_nothing_again()
    {
        Dictionary<string, IncrementalStepRunReason> reasons = Edit(0, "namespace Demo;", "// A comment.\n\nnamespace Demo;");
        Assert.All(reasons.Values, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void Editing_one_contract_generates_that_one_only()
    {
        Dictionary<string, IncrementalStepRunReason> reasons = Edit(1, "int a", "long a");
        Assert.Equal(IncrementalStepRunReason.Modified, reasons["Demo.ITwo.g.cs"]);
        Assert.Equal(IncrementalStepRunReason.Cached, reasons["Demo.IOne.g.cs"]);
    }

    [Fact]
    public void Editing_a_value_generates_the_contracts_that_send_it()
    {
        Dictionary<string, IncrementalStepRunReason> reasons = Edit(2, "int Y", "long Y");
        Assert.Equal(IncrementalStepRunReason.Modified, reasons["Demo.IOne.g.cs"]);
        Assert.Equal(IncrementalStepRunReason.Cached, reasons["Demo.ITwo.g.cs"]);
    }

    /// <summary>Times are noisy, counts are not: what is not run again costs nothing.</summary>
    [Fact]
    public void An_unrelated_edit_leaves_all_outputs_of_all_generators()
    {
        string[] sources =
        [
            .. Sources,
            ContractProject.Usings + "namespace Demo; [MemoryPackable] public partial class Hidden { [MemoryPackInclude] private int _a; public int B => _a; public int C; }",
            ContractProject.Usings + "namespace Demo; [Alpn(\"three/1\")] public partial interface IThree { Task<Hidden> FAsync(Hidden a, CancellationToken t); }",
            ContractProject.Usings + "namespace Demo; [Alpn(\"four/1\")] public partial interface IFour { int Wrong(); }",
        ];
        CSharpCompilation first = ContractProject.Compile(sources);
        GeneratorDriver driver = ContractProject.NewDriver().RunGenerators(first, TestContext.Current.CancellationToken);
        SyntaxTree old = first.SyntaxTrees[3];
        SyntaxTree edited = ContractProject.Parse(old.ToString().Replace("42", "43", StringComparison.Ordinal), old.FilePath);
        driver = driver.RunGenerators(first.ReplaceSyntaxTree(old, edited), TestContext.Current.CancellationToken);

        GeneratorRunResult[] ours = [.. driver.GetRunResult().Results.Where(result => result.Generator.GetGeneratorType().Assembly == typeof(ContractGenerator).Assembly)];
        Assert.Equal(3, ours.Length);
        Assert.All(ours, result => Assert.NotEmpty(result.GeneratedSources));
        Assert.All(
            ours.SelectMany(result => result.TrackedOutputSteps.SelectMany(step => step.Value)).SelectMany(step => step.Outputs),
            output => Assert.Contains(output.Reason, (IncrementalStepRunReason[])[IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged]));
    }

    [Fact]
    public void Nothing_of_a_compilation_is_kept_between_runs()
    {
        GeneratorDriver driver = ContractProject.NewDriver().RunGenerators(ContractProject.Compile(Sources), TestContext.Current.CancellationToken);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (IncrementalGeneratorRunStep step in Ours(driver).TrackedSteps[ContractGenerator.ModelStep])
        {
            foreach ((object value, _) in step.Outputs)
            {
                AssertPlain(value, value.GetType().Name, seen);
            }
        }

        Assert.NotEmpty(seen);
    }

    private static Dictionary<string, IncrementalStepRunReason> Edit(int source, string before, string after)
    {
        CSharpCompilation first = ContractProject.Compile(Sources);
        GeneratorDriver driver = ContractProject.NewDriver().RunGenerators(first, TestContext.Current.CancellationToken);
        SyntaxTree old = first.SyntaxTrees[source];
        Assert.Contains(before, old.ToString(), StringComparison.Ordinal);
        SyntaxTree edited = ContractProject.Parse(old.ToString().Replace(before, after, StringComparison.Ordinal), old.FilePath);
        driver = driver.RunGenerators(first.ReplaceSyntaxTree(old, edited), TestContext.Current.CancellationToken);

        return Ours(driver).TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs)
            .SelectMany(output => Files(output.Value).Select(file => (file, output.Reason)))
            .ToDictionary(output => output.file, output => output.Reason);
    }

    private static GeneratorRunResult Ours(GeneratorDriver driver)
        => driver.GetRunResult().Results.Single(result => result.Generator.GetGeneratorType() == typeof(ContractGenerator));

    /// <summary>The names of the files in an output, whose type Roslyn keeps to itself.</summary>
    private static IEnumerable<string> Files(object output)
    {
        object sources = ((System.Runtime.CompilerServices.ITuple)output)[0]!;
        foreach (object source in (IEnumerable)sources)
        {
            yield return (string)source.GetType().GetProperty("HintName", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(source)!;
        }
    }

    private static void AssertPlain(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or Compilation or SemanticModel or Location or AttributeData,
            $"{path} is a {value.GetType()}, which keeps a compilation alive.");
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                AssertPlain(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }

        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                AssertPlain(item, path + "[]", seen);
            }
        }
    }
}
