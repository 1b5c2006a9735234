using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Caching;

/// <summary>
/// Remembers what a declaration was read as, for as long as nothing has changed that it could be read differently by. Roslyn asks for every
/// contract again after every edit, wherever that was, and reading one binds all that its signatures reach.
/// </summary>
/// <remarks>
/// <para>
/// What is compared is a superset of what a model depends on, found without binding anything. All that the compiler finds from a declaration on,
/// it finds by a name that stands in a file which it has come to already, and under that name it can come only to a file that declares a type
/// so called: constants, members, nested and inherited ones are within types. So the declaration's file, the files that declare a type by any
/// identifier in it, and so on from these, hold all of the source that counts. They must be the same files in the same order, since the order of
/// files is that of the members of a type in several parts. A file that comes to declare such a name is among them from then on.
/// </para>
/// <para>
/// What is found by no name in these files counts for every declaration: files with global usings, files that declare into <c>System</c>
/// or <c>Microsoft</c>, where the compiler looks by itself, the set of namespaces, the references, the options and the assembly's name.
/// </para>
/// <para>Nothing here keeps a compilation or a file alive.</para>
/// </remarks>
/// <typeparam name="T">What a declaration is read as.</typeparam>
internal static class DeclarationCache<T>
    where T : class
{
    private static readonly ConditionalWeakTable<SyntaxTree, ConcurrentDictionary<int, Entry>> Known = new();

    /// <summary>What is declared at <paramref name="declaration"/>, read by <paramref name="parse"/> unless it is known.</summary>
    public static T? GetOrParse(
        Compilation compilation,
        SyntaxNode declaration,
        INamedTypeSymbol type,
        Func<INamedTypeSymbol, CancellationToken, T?> parse,
        CancellationToken cancellationToken)
    {
        var graph = SourceGraph.Of(compilation, cancellationToken);
        if (graph.ReachedFrom(declaration.SyntaxTree, cancellationToken) is not { } reached)
        {
            return parse(type, cancellationToken);
        }

        ConcurrentDictionary<int, Entry> entries = Known.GetValue(declaration.SyntaxTree, static _ => new());
        if (!entries.TryGetValue(declaration.SpanStart, out Entry? entry) || !entry.Holds(graph.Surroundings, reached))
        {
            entry = new Entry(graph.Surroundings, reached, parse(type, cancellationToken));
            entries[declaration.SpanStart] = entry;
        }

        return entry.Model;
    }

    private sealed class Entry(string surroundings, SourceNames[] reached, T? model)
    {
        public T? Model => model;

        // The files by identity: one whose text was edited is another.
        public bool Holds(string surroundingsNow, SourceNames[] reachedNow)
            => reached.SequenceEqual(reachedNow) && string.Equals(surroundings, surroundingsNow, StringComparison.Ordinal);
    }
}
