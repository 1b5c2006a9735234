using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Caching;

/// <summary>Which files of a compilation may mean something to which others: those that declare a type by a name that the other has in it.</summary>
internal sealed class SourceGraph
{
    /// <summary>What reaches more files than this is read again each time, which costs less than to follow the names.</summary>
    private const int MostFiles = 500;

    private static readonly ConditionalWeakTable<Compilation, SourceGraph> Known = new();

    private readonly SyntaxTree[] _trees;
    private readonly SourceNames[] _names;
    private readonly Dictionary<SyntaxTree, int> _positions = [];
    private readonly Dictionary<string, List<int>> _declaring = new(StringComparer.Ordinal);
    private readonly List<int> _forAll = [];

    // Each filled on first use; two threads would put the same there.
    private readonly int[]?[] _neighbours;

    private SourceGraph(Compilation compilation, CancellationToken cancellationToken)
    {
        _trees = [.. compilation.SyntaxTrees];
        _names = new SourceNames[_trees.Length];
        _neighbours = new int[]?[_trees.Length];
        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < _trees.Length; i++)
        {
            SourceNames names = _names[i] = SourceNames.Of(_trees[i], cancellationToken);
            _positions.Add(_trees[i], i);
            namespaces.UnionWith(names.Namespaces);
            if (names.IsForAll)
            {
                _forAll.Add(i);
            }

            foreach (string type in names.DeclaredTypes)
            {
                if (!_declaring.TryGetValue(type, out List<int>? files))
                {
                    _declaring.Add(type, files = []);
                }

                files.Add(i);
            }
        }

        Surroundings = string.Join("\n", compilation.References.Cast<object>().Append(compilation.Options).Select(ObjectNumber.Of)
            .Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Append(compilation.AssemblyName)
            .Concat(namespaces));
    }

    /// <summary>What means something to every file, apart from other files: references, options, and which namespaces there are.</summary>
    public string Surroundings { get; }

    public static SourceGraph Of(Compilation compilation, CancellationToken cancellationToken)
    {
        if (!Known.TryGetValue(compilation, out SourceGraph? graph))
        {
            var built = new SourceGraph(compilation, cancellationToken);
            graph = Known.GetValue(compilation, _ => built);
        }

        return graph;
    }

    /// <summary>The file and all that may mean something to it, in the order of the compilation; null where they are too many.</summary>
    public SourceNames[]? ReachedFrom(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var reached = new HashSet<int>(_forAll) { _positions[tree] };
        var queue = new Queue<int>(reached);
        while (queue.Count > 0)
        {
            if (reached.Count > MostFiles)
            {
                return null;
            }

            foreach (int file in Neighbours(queue.Dequeue(), cancellationToken))
            {
                if (reached.Add(file))
                {
                    queue.Enqueue(file);
                }
            }
        }

        return [.. reached.OrderBy(static file => file).Select(file => _names[file])];
    }

    private int[] Neighbours(int file, CancellationToken cancellationToken)
        => _neighbours[file] ??= [.. _names[file].MentionedIn(_trees[file], cancellationToken)
            .SelectMany(name => _declaring.TryGetValue(name, out List<int>? files) ? files : [])
            .Distinct()];
}
