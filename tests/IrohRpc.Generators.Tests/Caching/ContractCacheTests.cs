using System.Runtime.CompilerServices;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Tests.Caching;

/// <summary>What is read again after an edit: all that it changes, which the generated code proves, and little else.</summary>
public sealed class ContractCacheTests
{
    private const string OrderContract = "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { Task<Order> GetAsync(int id, CancellationToken t); }";

    private const string NoteContract = "namespace Demo; [Alpn(\"note/1\")] public partial interface INotes { Task<string> GetAsync(int id, CancellationToken t); }";

    private const string Order = "namespace Demo; [MemoryPackable] public partial record Order(int Id, List<Line> Lines);";

    private const string Line = "namespace Demo; [MemoryPackable] public partial record Line(string Text, decimal Price);";

    [Fact]
    public void An_edit_elsewhere_reads_nothing_again()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line, "namespace Demo; public class Shop : Exception { public int Sold => 1; }");
        Assert.Empty(ReadAgain(project, Edit(project, 4, "Sold => 1", "Sold => 2")));
    }

    [Fact]
    public void An_edit_in_a_contract_reads_that_one_again()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line);
        Assert.Equal(["INotes"], ReadAgain(project, Edit(project, 1, "int id", "long id")));
    }

    [Theory]
    [InlineData(2, "int Id", "long Id")]
    [InlineData(3, "string Text", "string? Text")]
    [InlineData(3, "Price)", "Price, int Count)")]
    public void An_edit_in_a_record_reads_the_contracts_that_reach_it_again(int source, string before, string after)
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line);
        CSharpCompilation edited = Edit(project, source, before, after);
        Assert.Equal(["IOrders"], ReadAgain(project, edited));
        AssertGeneratesAsFromScratch(project, edited);
    }

    [Fact]
    public void A_type_of_the_same_name_that_is_nearer_is_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo.Inner; [Alpn(\"order/1\")] public partial interface IOrders { Task<Order> GetAsync(int id, CancellationToken t); }",
            NoteContract, Order, Line, "namespace Demo.Inner; public class Empty;");
        CSharpCompilation edited = Edit(project, 4, "public class Empty;", "[MemoryPackable] public partial record Order(Guid Key);");
        Assert.Equal(["IOrders"], ReadAgain(project, edited));
        AssertGeneratesAnew(project, edited);
    }

    [Fact]
    public void A_file_that_comes_and_one_that_goes_are_noticed()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line);
        CSharpCompilation more = project.AddSyntaxTrees(
            ContractProject.Parse("namespace Demo; public partial interface IOrders { void Forget(int id); }", "More.cs"));
        Assert.Equal(["IOrders"], ReadAgain(project, more));
        AssertGeneratesAnew(project, more);
        AssertGeneratesAnew(more, project);
    }

    [Fact]
    public void A_type_that_a_contract_misses_is_noticed_when_it_comes()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order);
        CSharpCompilation complete = project.AddSyntaxTrees(ContractProject.Parse(ContractProject.Usings + Line, "Line.cs"));
        Assert.Equal(["IOrders"], ReadAgain(project, complete));
        AssertGeneratesAnew(project, complete);
    }

    [Fact]
    public void The_usings_of_a_file_are_noticed()
    {
        CSharpCompilation project = Compile(
            OrderContract, NoteContract,
            "namespace Demo; using Row = Demo.Line; [MemoryPackable] public partial record Order(int Id, List<Row> Rows);",
            Line, "namespace Other; [MemoryPackable] public partial record Line(int Number);");
        CSharpCompilation edited = Edit(project, 2, "using Row = Demo.Line", "using Row = Other.Line");
        Assert.Equal(["IOrders"], ReadAgain(project, edited));
        AssertGeneratesAnew(project, edited);
    }

    [Fact]
    public void Global_usings_are_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { Task<Alias> GetAsync(int id, CancellationToken t); }",
            NoteContract, Order, Line).AddSyntaxTrees(ContractProject.Parse("global using Alias = Demo.Order;", "Usings.cs"));
        CSharpCompilation edited = Edit(project, 4, "Demo.Order", "Demo.Line");
        Assert.Equal(["INotes", "IOrders"], ReadAgain(project, edited));
        AssertGeneratesAnew(project, edited);
        AssertGeneratesAnew(project, Edit(project, 2, "int Id", "long Id"));
        AssertGeneratesAsFromScratch(project, project.RemoveSyntaxTrees(project.SyntaxTrees[4]));
    }

    [Fact]
    public void A_namespace_that_hides_another_is_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { Task<Goods.Item> GetAsync(int id, CancellationToken t); }",
            "namespace Goods; [MemoryPackable] public partial record Item(int Number);",
            "namespace Demo.Goods2; public class Unrelated;");
        AssertGeneratesAnew(project, Edit(project, 2, "Goods2", "Goods"));
    }

    [Fact]
    public void Constants_in_other_files_are_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(Names.Orders)] public partial interface IOrders { [MessageLimit(Limits.Small)] Task GetAsync(int id, CancellationToken t); }",
            "namespace Demo; public class Names : Base;",
            "namespace Demo; public class Base { public const string Orders = \"order/1\"; }",
            "namespace Demo; public static class Limits { public const int Small = 10 * Unit.Size; }",
            "namespace Demo; public static class Unit { public const int Size = 10; }");
        AssertGeneratesAnew(project, Edit(project, 2, "order/1", "order/2"));
        AssertGeneratesAnew(project, Edit(project, 4, "10", "20"));
    }

    [Fact]
    public void An_attribute_of_the_users_own_that_hides_ours_is_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { [Idempotent] Task GetAsync(int id, CancellationToken t); }",
            "namespace Demo; public class Empty : Attribute;");
        AssertGeneratesAnew(project, Edit(project, 1, "Empty", "IdempotentAttribute"));
    }

    [Fact]
    public void References_are_noticed()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract).AddReferences(Library("int Id"));
        CSharpCompilation newer = project.ReplaceReference(project.References.Last(), Library("long Id"));
        Assert.Equal(["INotes", "IOrders"], ReadAgain(project, newer));
        AssertGeneratesAnew(project, newer);
        AssertGeneratesAsFromScratch(newer, newer.RemoveReferences(newer.References.Last()));
    }

    [Fact]
    public void Options_are_noticed()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line);
        AssertGeneratesAnew(project, project.WithOptions(project.Options.WithNullableContextOptions(NullableContextOptions.Disable)));
    }

    [Fact]
    public void Directives_are_noticed()
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line);
        AssertGeneratesAnew(project, Edit(project, 1, "namespace Demo;", "#nullable disable\nnamespace Demo;"));
    }

    [Fact]
    public void The_order_of_files_is_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { Task GetAsync(int id, CancellationToken t); }",
            "namespace Demo; public partial interface IOrders { Task PutAsync(int id, CancellationToken t); }");
        SyntaxTree[] trees = [.. project.SyntaxTrees];
        AssertGeneratesAnew(project, project.RemoveAllSyntaxTrees().AddSyntaxTrees(trees[1], trees[0]));
    }

    [Fact]
    public void What_the_compiler_looks_up_by_itself_is_noticed()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { Task<(int, string)> GetAsync(int id, CancellationToken t); }",
            "namespace System.Poly; public class Empty;");
        Assert.Equal(["IOrders"], ReadAgain(project, Edit(project, 1, "Empty", "Fill")));
    }

    [Fact]
    public void A_contract_that_another_inherits_reads_both_again()
    {
        CSharpCompilation project = Compile(
            "namespace Demo; [Alpn(\"order/1\")] public partial interface IOrders { Task GetAsync(int id, CancellationToken t); }",
            "namespace Demo; [Alpn(\"order/2\")] public partial interface IOrders2 : IOrders { Task PutAsync(int id, CancellationToken t); }",
            NoteContract);
        CSharpCompilation edited = Edit(project, 0, "int id", "long id");
        Assert.Equal(["IOrders", "IOrders2"], ReadAgain(project, edited));
        AssertGeneratesAnew(project, edited);
    }

    [Fact]
    public void A_contract_that_reaches_more_files_than_are_worth_following_is_read_every_time()
    {
        CSharpCompilation project = Compile(
            [OrderContract, NoteContract, .. Enumerable.Range(0, 600).Select(number => $"namespace Demo; public class Order{number} : Order{number + 1};"), Order]);
        CSharpCompilation edited = Edit(project, 0, "<Order>", "<Order0>");
        Assert.Equal(["IOrders"], ReadAgain(project, edited));
        Assert.Equal(["IOrders"], Read(edited));
    }

    [Fact]
    public void What_was_edited_away_is_not_kept_alive()
    {
        CSharpCompilation edited = EditAway(out WeakReference[] gone);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(gone, reference => Assert.False(reference.IsAlive));
        GC.KeepAlive(edited);
    }

    // On its own, so that no local variable of it lives on.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CSharpCompilation EditAway(out WeakReference[] gone)
    {
        CSharpCompilation project = Compile(OrderContract, NoteContract, Order, Line);
        CSharpCompilation edited = Edit(project, 2, "int Id", "long Id");
        Assert.Equal(["IOrders"], ReadAgain(project, edited));
        gone = [new WeakReference(project), new WeakReference(project.SyntaxTrees[2])];
        return edited;
    }

    private static CSharpCompilation Compile(params string[] sources)
        => ContractProject.Compile([.. sources.Select(source => ContractProject.Usings + source)]);

    private static CSharpCompilation Edit(CSharpCompilation project, int source, string before, string after)
    {
        SyntaxTree old = project.SyntaxTrees[source];
        Assert.Contains(before, old.ToString(), StringComparison.Ordinal);
        return project.ReplaceSyntaxTree(old, ContractProject.Parse(old.ToString().Replace(before, after, StringComparison.Ordinal), old.FilePath));
    }

    private static PortableExecutableReference Library(string member)
    {
        using var image = new MemoryStream();
        CSharpCompilation library = Compile($"namespace Demo; [MemoryPackable] public record Order({member});").WithAssemblyName("Library");
        Assert.True(library.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    /// <summary>The contracts that are read again once a compilation takes the place of another, by name.</summary>
    private static string[] ReadAgain(CSharpCompilation before, CSharpCompilation after)
    {
        Read(before);
        return [.. Read(after).Order(StringComparer.Ordinal)];
    }

    private static List<string> Read(CSharpCompilation compilation)
    {
        List<string> read = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (InterfaceDeclarationSyntax declaration in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes()
                .OfType<InterfaceDeclarationSyntax>().Where(declaration => declaration.AttributeLists.Count > 0))
            {
                DeclarationCache<ContractModel>.GetOrParse(
                    compilation,
                    declaration,
                    (INamedTypeSymbol)model.GetDeclaredSymbol(declaration, TestContext.Current.CancellationToken)!,
                    (contract, cancellationToken) =>
                    {
                        read.Add(contract.Name);
                        return ContractGenerator.Parse(contract, cancellationToken);
                    },
                    TestContext.Current.CancellationToken);
            }
        }

        return read;
    }

    private static void AssertGeneratesAnew(CSharpCompilation before, CSharpCompilation after)
        => Assert.NotEqual(GeneratedCode.OnceMore(before, before), AssertGeneratesAsFromScratch(before, after));

    private static IReadOnlyDictionary<string, string> AssertGeneratesAsFromScratch(CSharpCompilation before, CSharpCompilation after)
    {
        IReadOnlyDictionary<string, string> generated = GeneratedCode.OnceMore(before, after);
        Assert.Equal(GeneratedCode.FromScratch(after), generated);
        return generated;
    }
}
