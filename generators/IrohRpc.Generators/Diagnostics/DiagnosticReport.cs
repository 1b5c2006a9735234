using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Takes a finding.</summary>
/// <param name="descriptor">What is wrong.</param>
/// <param name="location">Where.</param>
/// <param name="properties">What a code fix needs to know.</param>
/// <param name="arguments">What the message names.</param>
internal delegate void DiagnosticReport(
    DiagnosticDescriptor descriptor, Location? location, ImmutableDictionary<string, string?> properties, object[] arguments);
