// The helpers for the lesson's first code cell: PyTorch's names. They are top-level functions and not a class with using static, so that
// the cell can be run again: a function hides an earlier one of the same name, while two classes would make every call ambiguous.
#nullable enable annotations
#load "Torch/Libtorch.cs"
#load "Torch/MatrixProduct.cs"
#load "Torch/Tensors.cs"
#load "Autograd/NodeLayout.cs"
#load "Autograd/GradFn.cs"
#load "Printing/PythonNumber.cs"
#load "Printing/ElementText.cs"
#load "Printing/TensorText.cs"
#load "Printing/Python.cs"
#load "Printing/TensorFormatters.cs"

using System;
using System.Runtime.CompilerServices;
using ScalarType = TorchSharp.torch.ScalarType;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The 32-bit floating-point dtype, PyTorch's default.</summary>
static ScalarType float32 => ScalarType.Float32;

/// <summary>The 64-bit floating-point dtype.</summary>
static ScalarType float64 => ScalarType.Float64;

/// <summary>The 64-bit integer dtype.</summary>
static ScalarType int64 => ScalarType.Int64;

/// <summary>Returns a tensor of integers, shape [count]; int64 unless a dtype is given.</summary>
static Tensor tensor(long[] values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>Returns a tensor of integers, shape [rows, columns]; int64 unless a dtype is given.</summary>
static Tensor tensor(long[][] rows, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(rows, dtype, requires_grad);

/// <summary>Returns a tensor of floating-point numbers, shape [count]; float32 unless a dtype is given.</summary>
static Tensor tensor(double[] values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>Returns a tensor of floating-point numbers, shape [rows, columns]; float32 unless a dtype is given.</summary>
static Tensor tensor(double[][] rows, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(rows, dtype, requires_grad);

/// <summary>Returns a tensor of Booleans, shape [count].</summary>
static Tensor tensor(bool[] values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>Returns a 0-dimensional tensor with an integer; int64 unless a dtype is given.</summary>
static Tensor tensor(long value, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(value, dtype, requires_grad);

/// <summary>Returns a 0-dimensional tensor with a floating-point number; float32 unless a dtype is given.</summary>
static Tensor tensor(double value, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(value, dtype, requires_grad);

/// <summary>Returns a 0-dimensional tensor with a Boolean.</summary>
static Tensor tensor(bool value, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(value, dtype, requires_grad);

/// <summary>Returns a tensor with the shape and the numbers of an array, in the array's type unless a dtype is given.</summary>
static Tensor tensor(Array values, ScalarType? dtype = null, bool requires_grad = false) => Tensors.tensor(values, dtype, requires_grad);

/// <summary>Returns the matrix product. A vector is a row on the left and a column on the right. Throws if the shapes or dtypes do not match.</summary>
static Tensor matmul(Tensor left, Tensor right) => Tensors.matmul(left, right);

/// <summary>max(0, x), for every number.</summary>
static Tensor relu(Tensor x) => Tensors.relu(x);

/// <summary>1 / (1 + e⁻ˣ), for every number.</summary>
static Tensor sigmoid(Tensor x) => Tensors.sigmoid(x);

/// <summary>Returns the mean of all numbers, a 0-dimensional tensor.</summary>
static Tensor mean(Tensor x) => Tensors.mean(x);

/// <summary>Disables autograd until the result is disposed.</summary>
static IDisposable no_grad() => Tensors.no_grad();

/// <summary>Prints values as Python does, separated by spaces. Without values, prints an empty line.</summary>
static void print(params object?[] values) => Python.print(values: values);

/// <summary>Prints one value as Python does. An array is printed as a list.</summary>
[OverloadResolutionPriority(1)]
static void print(object? value) => Python.print(value);

/// <summary>Prints an interpolated string as Python prints an f-string.</summary>
[OverloadResolutionPriority(2)]
static void print(FormattableString? text) => Python.print(text);

/// <summary>Returns Python's str of a value.</summary>
static string str(object? value) => Python.str(value);

/// <summary>Returns an interpolated string as a Python f-string.</summary>
[OverloadResolutionPriority(1)]
static string str(FormattableString? text) => Python.str(text);

/// <summary>Returns Python's repr of a value.</summary>
static string repr(object? value) => Python.repr(value);

Libtorch.Load();
TensorFormatters.Register();
